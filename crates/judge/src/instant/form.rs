//! Where a number comes from: the formulas in use, who found them, and where each stops being
//! true. Their arithmetic is in `station`, `closed`, `fork` and `time`.

/// How sure a number is, the least sure last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// The formula is the answer for this very design.
    Exact,
    /// The formula is the answer for a network whose stations behave as if each were alone.
    ProductForm,
    /// The formula is near the answer; how near, its limits say.
    Approximation,
}

impl Sureness {
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ProductForm => "product form",
            Self::Approximation => "approximation",
        }
    }
}

/// A formula with its source and its limits.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    pub name: &'static str,
    pub formula: &'static str,
    /// Author and year.
    pub source: &'static str,
    pub limits: &'static str,
}

const fn form(name: &'static str, formula: &'static str, source: &'static str, limits: &'static str) -> Form {
    Form { name, formula, source, limits }
}

pub(super) static FLOW: Form = form(
    "forced flow and utilisation law",
    "rate = arrivals x visits; load = rate x service; utilisation = load / workers",
    "Denning and Buzen 1978",
    "Holds for any distribution, as long as what comes also leaves.",
);
pub(super) static BOTTLENECK: Form = form(
    "bottleneck law",
    "most = arrivals x the factor at which the first component has no idle worker",
    "Denning and Buzen 1978",
    "All open classes grow together and their mix stays as it is.",
);
pub(super) static HELD_BOTTLENECK: Form = form(
    "bottleneck law with held workers",
    "as the bottleneck law; a worker is also taken for as long as its calls take, waits included",
    "Denning and Buzen 1978; Rolia and Sevcik 1995",
    "As good as the waits of the callees near the limit: a few percent of the rate.",
);
pub(super) static DELAY: Form = form(
    "M/G/inf",
    "time = service: nobody waits",
    "Palm 1943; Mirasol 1963",
    "Exact for any distribution, as long as workers are unlimited.",
);
pub(super) static MMC: Form = form(
    "M/M/c",
    "wait = C(c, a) / (c mu - lambda); a = lambda / mu",
    "Erlang 1917",
    "Poisson arrivals, exponential service, a patient unlimited queue, steady state.",
);
pub(super) static MMC_MANY: Form = form(
    "M/M/c with very many workers",
    "C = 1 / (1 + b Phi(b) / phi(b)), b = (1 - rho) sqrt c",
    "Halfin and Whitt 1981",
    "In use from 1,000 workers on, where it is within 2 % of Erlang C.",
);
pub(super) static MG1: Form = form(
    "M/G/1",
    "wait = lambda E[S^2] / (2 (1 - rho))",
    "Pollaczek 1930, Khinchine 1932; variance by Takacs 1962",
    "Poisson arrivals, one worker, steady state; needs a finite variance of the service.",
);
pub(super) static MGC: Form = form(
    "G/G/c after Allen and Cunneen",
    "wait = (Ca^2 + Cs^2) / 2 x wait of M/M/c, corrected for arrivals that are not Poisson",
    "Allen 1978; Kraemer and Langenbach-Belz 1976 for the correction",
    "Within about 10 % above 70 % utilisation, worse below and where service varies much more than exponentially.",
);
pub(super) static GIM1: Form = form(
    "E_n/M/1: replicas in turn",
    "time = 1 / (mu (1 - s)), s = (n lambda / (n lambda + mu (1 - s)))^n",
    "Kendall 1953",
    "Poisson arrivals dealt out strictly in turn to equal replicas with one worker and exponential service.",
);
pub(super) static SHARED: Form = form(
    "M/G/1 shared",
    "time = service / (1 - rho)",
    "Kleinrock 1967; variance by Coffman, Muntz, Trotter 1970",
    "Poisson arrivals; the mean holds for any distribution, the variance for exponential service only.",
);
pub(super) static SHARED_MANY: Form = form(
    "M/G/c shared",
    "time = that of M/M/c",
    "Kelly 1979",
    "Poisson arrivals; the mean holds for any distribution, the variance is not known here.",
);
pub(super) static LOSS: Form = form(
    "M/M/c/K",
    "p(n) of birth and death, rejected = p(K)",
    "Erlang 1917",
    "Poisson arrivals and exponential service; without a waiting room (c = K) for any service.",
);
pub(super) static TWO_CHOICES: Form = form(
    "supermarket model",
    "time = sum of rho^(2^i - 2) service",
    "Vvedenskaya, Dobrushin, Karpelevich 1996; Mitzenmacher 1996",
    "For infinitely many replicas with one worker: at 10 replicas 4 % too low at 70 % and 13 % too low at 90 %.",
);
pub(super) static LEAST: Form = form(
    "least connections as one shared queue, corrected",
    "time = that of M/M/(replicas x workers) + 0.38 (1 - replicas^-1.5) C service / workers",
    "Winston 1977 for the order; Erlang 1917; the correction is fitted to simulated runs",
    "Within 3 % of the mean for 2 to 30 replicas with exponential service at 50 to 95 %; beyond that, and for other service, not measured.",
);
pub(super) static LAYERED: Form = form(
    "held workers as layers",
    "holding = own service + answers of the calls; wait by M/G/1 or Allen and Cunneen",
    "Woodside et al. 1995; Rolia and Sevcik 1995",
    "Waits below are taken as independent of those above and as fed by chance; held workers smooth them, so this is often too high.",
);
pub(super) static JACKSON: Form = form(
    "open network",
    "time = sum over the calls of wait and service",
    "Jackson 1957; Baskett, Chandy, Muntz, Palacios 1975",
    "The mean is as sure as that of the least sure station.",
);
pub(super) static DECOMPOSITION: Form = form(
    "decomposition of stations",
    "time = sum over the calls of wait and service, each station alone",
    "Kuehn 1979; Whitt 1983",
    "Stations are taken as independent and as fed by chance; 10 % is usual, more where bursts travel on.",
);
pub(super) static FORK: Form = form(
    "calls at once",
    "time = the k-th of n independent times, each as an offset and an exponential",
    "order statistics; Nelson and Tantawi 1988 for how far",
    "Times are taken as independent: where all branches queue under the same arrivals this is up to 28 % too high. Not told where one varies much more than exponentially.",
);
pub(super) static MVA: Form = form(
    "exact mean value analysis",
    "R(n) = D (1 + Q(n - 1)), X(n) = n / (Z + R(n)), with marginal probabilities for several workers",
    "Reiser and Lavenberg 1980",
    "One closed class; exponential service first come first served, or shared, or without a queue.",
);
pub(super) static REISER: Form = form(
    "mean value analysis with what is left of the service",
    "as the exact one; whoever finds all workers busy meets (Cs^2 - 1) / 2 of a service more",
    "Reiser 1979; Reiser and Lavenberg 1980",
    "One closed class; service that is not exponential, or replicas, which count as chosen by chance: about 10 % of the time, and up to 20 % where service varies more than exponentially at several workers.",
);
pub(super) static SCHWEITZER: Form = form(
    "approximate mean value analysis",
    "the queue that one meets is (N - 1) / N of the mean queue",
    "Schweitzer 1979; Seidmann, Schweitzer, Shalev-Oren 1987 for several workers; Reiser 1979 for service that is not exponential",
    "Within about 5 % of the throughput and 10 % of the time; worst with few users.",
);
pub(super) static EXPONENTIAL: Form = form(
    "exponential time in the system",
    "p = -mean log(1 - q)",
    "Burke 1956; Kendall 1953",
    "One queue with one worker and exponential service.",
);
pub(super) static MMC_TIME: Form = form(
    "time in M/M/c",
    "P(T > t) = (1 - C) e^(-mu t) + C (a e^(-mu t) - mu e^(-a t)) / (a - mu), a = c mu - lambda",
    "Erlang 1917; Gross and Harris 1974",
    "One queue, first come first served, exponential service.",
);
pub(super) static FITTED: Form = form(
    "gamma of the same mean and variance",
    "the quantile of a gamma distribution beyond the fixed part",
    "sum of independent stages; Whitt 1982 for fits by two moments",
    "Stages are taken as independent: a few percent for sums of exponentials, more where one queue is asked twice or two kinds of requests mix.",
);
pub(super) static FITTED_WIDE: Form = form(
    "two exponentials of the same mean and variance",
    "the quantile of a hyperexponential distribution with balanced means beyond the fixed part",
    "sum of independent stages; Whitt 1982 for fits by two moments",
    "Stages are taken as independent; times vary more than exponentially, and the shape of their tail is a guess: 20 % at p99 is usual. Told up to a squared coefficient of variation of 3.",
);
