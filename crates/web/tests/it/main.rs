//! Pages through the router, without a socket: who may see what, what is refused, what is escaped,
//! and that a page is new when the record is. The course is the toy in `tests/pack`.

mod course;
mod guards;
mod hostile;
mod model;
mod onward;
mod record;
mod reviews;
mod studio;
