//! Takes what was expected of a run in the studio, and answers what the same run says here. The
//! page itself is elsewhere.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use desk::DeskError;
use grade::Expected;
use serde_json::json;

use crate::App;
use crate::error::WebError;
use crate::form::Fields;

/// A form with `design` (JSON), `seed`, and as many `ask`, `guess` and `confidence` (from 0 to 1) as
/// there were questions, in the same order.
pub(crate) async fn take(State(app): State<Arc<App>>, fields: Fields) -> Result<Response, WebError> {
    let seed = fields.one("seed").parse().map_err(|_| DeskError::Question("The seed is no whole number below 2^64.".into()))?;
    let foresight = app.desk.foresee(fields.one("design"), seed, expected(&fields)?).await?;
    let guesses =
        foresight.guesses.iter().map(|guess| json!({ "ask": guess.ask, "measured": guess.measured, "score": guess.score.as_f64() }));
    Ok(Json(json!({ "run": foresight.run, "score": foresight.score.as_f64(), "guesses": guesses.collect::<Vec<_>>() })).into_response())
}

fn expected(fields: &Fields) -> Result<Vec<Expected>, DeskError> {
    let (asks, guesses, confidences): (Vec<_>, Vec<_>, Vec<_>) =
        (fields.all("ask").collect(), fields.all("guess").collect(), fields.all("confidence").collect());
    if asks.len() != guesses.len() || asks.len() != confidences.len() {
        return Err(DeskError::Question("Each question needs an answer and how sure it is.".into()));
    }
    let one = |((ask, guess), confidence): ((&&str, &&str), &&str)| {
        let confidence = confidence.parse().ok().filter(|sure| (0.0..=1.0).contains(sure));
        let confidence = confidence.ok_or_else(|| DeskError::Question("How sure one is goes from 0 to 1.".into()))?;
        Ok(Expected { ask: (*ask).to_owned(), guess: guess.trim().to_owned(), confidence })
    };
    asks.iter().zip(&guesses).zip(&confidences).map(one).collect()
}
