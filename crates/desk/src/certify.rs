//! Certificates: what is proved, issuing, and judging what a stranger brings.

use certificate::{Chapter, Course, Id, Module, Run, SELF_ISSUED, Statement, Subject, Utc, VERSION, Verdict};
use record::{Moment, Ppm, What};
use tutor::State;

use crate::{Desk, DeskError, Learner};

/// What stands between a learner and the certificate of a chapter.
#[derive(Debug, Clone)]
pub struct Standing {
    pub chapter: String,
    pub title: String,
    /// Per module: skill, title, whether it is proved, and what is missing.
    pub modules: Vec<(String, String, bool, Option<String>)>,
}

impl Standing {
    pub fn is_complete(&self) -> bool {
        !self.modules.is_empty() && self.modules.iter().all(|(_, _, proved, _)| *proved)
    }
}

#[derive(Debug, Clone)]
pub struct Issued {
    pub id: String,
    /// The certificate as a file.
    pub text: String,
    pub issued_at: Moment,
}

/// What the public page says about a certificate.
#[derive(Debug, Clone)]
pub struct Checked {
    pub verdict: Verdict,
    /// The text that was judged; empty when no certificate with the number asked for is kept.
    pub text: String,
}

impl Learner {
    /// How far each chapter with lessons is from its certificate.
    pub fn standings(&self) -> Vec<Standing> {
        let course = &self.shelf.course;
        course
            .text
            .chapters
            .iter()
            .filter(|chapter| {
                course.skills_of(&chapter.id).next().is_some()
                    && course.skills_of(&chapter.id).all(|skill| course.lessons.contains_key(&skill.id))
            })
            .map(|chapter| Standing {
                chapter: chapter.id.clone(),
                title: chapter.title.clone(),
                modules: course
                    .skills_of(&chapter.id)
                    .map(|skill| {
                        let line = self.line(&skill.id);
                        let proved = line.is_some_and(|line| line.state == State::Proved);
                        (skill.id.clone(), skill.title.clone(), proved, line.and_then(|line| line.proof.missing()))
                    })
                    .collect(),
            })
            .collect()
    }
}

impl Desk {
    /// Issues the certificate of a chapter. `NotYet` says what is missing.
    pub async fn certify(&self, chapter: &str, name: &str) -> Result<Issued, DeskError> {
        let learner = self.learner().await?;
        let standing = learner
            .standings()
            .into_iter()
            .find(|standing| standing.chapter == chapter)
            .ok_or_else(|| crate::error::no_such("chapter with a certificate", chapter))?;
        if !standing.is_complete() {
            let missing = standing.modules.iter().filter(|(_, _, proved, _)| !proved).count();
            return Err(DeskError::NotYet(format!("{missing} of {} modules are not proved yet.", standing.modules.len())));
        }
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(DeskError::Question("Write the name that the certificate should carry.".into()));
        }
        let statement = self.statement(&learner, &standing, name);
        let signed = certificate::sign(&statement, &self.keys).map_err(|error| DeskError::Question(error.to_string()))?;
        let kept = store::Certificate {
            id: statement.id.to_string(),
            learner: self.learner.clone(),
            statement: signed.statement_text().to_owned(),
            kid: statement.kid.clone(),
            tag: signed.tag(),
            issued_at: (self.world.now)(),
        };
        self.store.put_certificate(&kept).await?;
        self.append(vec![What::Certified { certificate: kept.id.clone() }]).await?;
        Ok(Issued { id: kept.id, text: signed.to_text(), issued_at: kept.issued_at })
    }

    fn statement(&self, learner: &Learner, standing: &Standing, name: String) -> Statement {
        let course = &learner.shelf.course;
        let mut id = [0; 16];
        id.copy_from_slice(&(self.world.entropy)()[..16]);
        let chapter = Chapter {
            id: standing.chapter.clone(),
            title: standing.title.clone(),
            modules: standing.modules.iter().map(|(skill, title, proved, _)| module(learner, skill, title, *proved)).collect(),
        };
        Statement {
            version: VERSION,
            id: Id(id),
            issuer: self.issuer.clone(),
            issuer_note: SELF_ISSUED.to_owned(),
            kid: self.keys.active().to_owned(),
            subject: Subject { name },
            course: Course { id: course.text.id.clone(), title: course.text.title.clone(), version: course.text.version.clone(), digest: course.digest.clone() },
            chapters: vec![chapter],
            runs: runs(learner, standing),
            rule: course.text.pass_rule.clone(),
            checked: "Choices, numbers, orders and predictions were graded by a program; written answers by the ideas that they name. Who sat at the keyboard was not checked.".to_owned(),
            help: "Answers given after a hint, or at a second try, do not count towards a module.".to_owned(),
            issued_at: Utc::from_unix_ms((self.world.now)().0),
        }
    }

    /// The certificates of the learner, newest last.
    pub async fn certificates(&self) -> Result<Vec<Issued>, DeskError> {
        let kept = self.store.certificates(&self.learner).await?;
        Ok(kept
            .into_iter()
            .map(|kept| Issued { text: certificate::file(&kept.statement, &kept.kid, &kept.tag), id: kept.id, issued_at: kept.issued_at })
            .collect())
    }

    /// The certificate with this id, checked. An id that was never issued is answered like a
    /// certificate that was changed.
    pub async fn check_id(&self, id: &str) -> Result<Checked, DeskError> {
        let kept = match id.parse::<Id>() {
            Ok(id) => self.store.certificate(&id.to_string()).await?,
            Err(_) => None,
        };
        match kept {
            Some(kept) => self.check_text(&certificate::file(&kept.statement, &kept.kid, &kept.tag)).await,
            None => Ok(Checked { verdict: Verdict::NotGenuine, text: String::new() }),
        }
    }

    /// Judges the text of a certificate file.
    pub async fn check_text(&self, text: &str) -> Result<Checked, DeskError> {
        let verdict = certificate::verify(text, &self.keys, &Utc::from_unix_ms((self.world.now)().0));
        let revocation = match verdict.statement() {
            Some(statement) => self.store.revocation(&statement.id.to_string()).await?,
            None => None,
        };
        let revocation = revocation.map(|revocation| certificate::Revocation {
            reason: revocation.reason,
            at: Utc::from_unix_ms(revocation.at.0),
            superseded_by: revocation.superseded_by.and_then(|id| id.parse().ok()),
        });
        Ok(Checked { verdict: verdict.with_revocation(revocation), text: text.to_owned() })
    }

    /// Withdraws a certificate; it stays kept and shows as revoked.
    pub async fn revoke(&self, id: &str, reason: &str) -> Result<(), DeskError> {
        let revocation = store::Revocation {
            certificate: id.to_owned(),
            reason: reason.chars().take(500).collect(),
            at: (self.world.now)(),
            superseded_by: None,
        };
        Ok(self.store.revoke(&revocation).await?)
    }
}

fn module(learner: &Learner, skill: &str, title: &str, proved: bool) -> Module {
    let (answers, unaided, hints) = learner.tallies().get(skill).copied().unwrap_or_default();
    let mut graded_by: Vec<String> = Vec::new();
    let mut last = None;
    for entry in &learner.entries {
        if let What::Answered(answer) = &entry.what
            && answer.skill == skill
        {
            last = Some(entry.at);
            if !graded_by.contains(&answer.form) {
                graded_by.push(answer.form.clone());
            }
        }
    }
    let score = learner.line(skill).map_or(Ppm(0), |line| Ppm::from_f64(line.p));
    Module {
        skill: skill.to_owned(),
        title: title.to_owned(),
        passed: proved,
        score: score.0,
        graded_by,
        answers,
        unaided,
        hints_used: hints,
        last_at: last.map(|at| Utc::from_unix_ms(at.0)),
    }
}

/// The predictions of the chapter: each names the run that decided it.
fn runs(learner: &Learner, standing: &Standing) -> Vec<Run> {
    learner
        .predictions()
        .filter(|prediction| standing.modules.iter().any(|(skill, ..)| *skill == prediction.skill))
        .flat_map(|prediction| prediction.guesses.iter().filter(|guess| guess.graded).map(move |guess| (prediction, guess)))
        .map(|(prediction, guess)| Run {
            id: guess.run.clone(),
            what: format!(
                "{}: {} gave {}; predicted {}",
                prediction.skill,
                guess.ask,
                guess.measured,
                guess.guess.as_deref().unwrap_or("nothing")
            ),
        })
        .collect()
}
