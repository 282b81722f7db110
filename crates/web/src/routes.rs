//! Every URL on one page. Handlers are in `pages`; what is refused before them is in `guard`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::pages::{
    belief_test, beliefs, certificate, course, foresight, lesson, placement, plan, practice, record, review, start, studio, theme, verify,
    words,
};
use crate::{App, cache, error, guard, statics};

/// The largest form that is read [bytes].
const MAX_BODY: usize = 128 * 1024;
/// No page takes longer; a run has a budget of its own well below.
const MAX_TIME: Duration = Duration::from_secs(60);

/// All pages, behind the guards.
pub fn router(app: Arc<App>) -> Router {
    let public = Router::new()
        .route("/", get(course::show))
        .route("/verify", get(verify::ask).post(verify::check))
        .route("/verify/{id}", get(verify::show))
        .route("/verify/{id}/file", get(verify::file))
        .route("/studio", get(studio::show))
        .route("/studio/templates/{*path}", get(studio::template))
        .route("/theme", post(theme::choose))
        .route("/assets/{*path}", get(statics::asset))
        .route("/favicon.ico", get(statics::favicon))
        .route("/robots.txt", get(statics::robots));
    let private = Router::new()
        .route("/start", get(start::show).post(start::send))
        .route("/start/forget", post(start::forget))
        .route("/start/words", get(words::show).post(words::correct))
        .route("/placement", get(placement::show).post(placement::answer))
        .route("/placement/begin", post(placement::begin))
        .route("/placement/stop", post(placement::stop))
        .route("/course", get(plan::show))
        .route("/course/{skill}", post(plan::overrule))
        .route("/beliefs", get(beliefs::all))
        .route("/beliefs/{skill}", get(beliefs::one))
        .route("/beliefs/{skill}/test", get(belief_test::show).post(belief_test::begin))
        .route("/beliefs/{skill}/test/{item}/{seed}", get(belief_test::again).post(belief_test::answer))
        .route("/learn/{skill}", get(lesson::show))
        .route("/learn/{skill}/items/{item}", post(lesson::answer))
        .route("/learn/{skill}/items/{item}/hint", post(lesson::hint))
        .route("/learn/{skill}/figures/{figure}", post(lesson::predict))
        .route("/learn/{skill}/why/{prompt}", post(lesson::why))
        .route("/learn/{skill}/read", post(lesson::read))
        .route("/record", get(record::show))
        .route("/record/octo.jsonl", get(record::file))
        .route("/record/xapi.jsonl", get(record::statements))
        .route("/record/import", post(record::import).layer(DefaultBodyLimit::max(record::UPLOAD_MOST)))
        .merge(questions(practice::Kind::Practice))
        .merge(questions(practice::Kind::Probe))
        .route("/review", get(review::show))
        .route("/review/done", get(review::done))
        .route("/review/{item}/{seed}", get(review::again).post(review::answer))
        .route("/review/{item}/{seed}/hint", post(review::hint))
        .route("/studio/predictions", post(foresight::take))
        .route("/certificate", get(certificate::show).post(certificate::issue))
        .route_layer(middleware::from_fn(guard::only_here));
    public
        .merge(private)
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn(guard::headers))
                .layer(CatchPanicLayer::custom(error::panicked))
                .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::known_host))
                .layer(middleware::from_fn(guard::same_site))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, MAX_TIME))
                .layer(DefaultBodyLimit::max(MAX_BODY))
                .layer(middleware::from_fn_with_state(Arc::clone(&app), cache::pages)),
        )
        .with_state(app)
}

/// The questions on one module, one after the other: what they are for stands in the address.
fn questions(kind: practice::Kind) -> Router<Arc<App>> {
    let word = kind.word();
    Router::new()
        .route(&format!("/{word}/{{skill}}"), get(practice::show))
        .route(&format!("/{word}/{{skill}}/{{item}}/{{seed}}"), get(practice::again).post(practice::answer))
        .route(&format!("/{word}/{{skill}}/{{item}}/{{seed}}/hint"), post(practice::hint))
        .route_layer(Extension(kind))
}
