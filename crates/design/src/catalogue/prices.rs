//! Price lists, each with its date; every price with where it was read and when. A number
//! without a source is not here: the report then says "not priced".

use units::Money;

use crate::{Document, Per, Price};

/// A dated list.
#[derive(Debug)]
pub struct PriceList {
    pub name: &'static str,
    pub items: &'static [Listed],
}

/// One thing that can be bought.
#[derive(Debug)]
pub struct Listed {
    /// The word that a component writes as its `size`.
    pub name: &'static str,
    pub doc: &'static str,
    /// [billionths of a US dollar]
    pub amount: Money,
    pub per: Per,
    pub source: &'static str,
    /// The month in which it was read, or what is known of it.
    pub as_of: &'static str,
}

pub const LISTS: &[PriceList] = &[PriceList { name: "aws us-east-1 2026-10", items: AWS_US_EAST_1 }];

const EC2: &str = "AWS EC2 on-demand list, us-east-1";
const EGRESS: &str = "AWS EC2 data transfer list, us-east-1";
const S3: &str = "AWS S3 Standard list, us-east-1";
const DYNAMO: &str = "AWS DynamoDB on-demand list, us-east-1";
const ALB: &str = "AWS Elastic Load Balancing list, us-east-1";
const COPIES: &str = "copies of 2023-2026";

const AWS_US_EAST_1: &[Listed] = &[
    item("m7i.large", "2 vCPU, 8 GiB", 100_800_000, Per::Hour, EC2, "2026-10"),
    item("m7i.xlarge", "4 vCPU, 16 GiB", 201_600_000, Per::Hour, EC2, "2026-10"),
    item("c7g.4xlarge", "16 vCPU, 32 GiB", 580_000_000, Per::Hour, EC2, "2026-10"),
    item("r7g.xlarge", "4 vCPU, 32 GiB", 214_200_000, Per::Hour, EC2, "2026-10"),
    item("alb", "Application load balancer, without its capacity units", 22_500_000, Per::Hour, ALB, COPIES),
    item("ipv4", "A public IPv4 address", 5_000_000, Per::Hour, "AWS VPC list, us-east-1", COPIES),
    item("egress", "To the internet, the first 10 TB of a month after 100 free GB", 90_000_000, Per::Gigabyte, EGRESS, "2026-09"),
    item("between-zones", "Between zones, each way", 10_000_000, Per::Gigabyte, EGRESS, "2026-09"),
    item("between-regions", "To another region", 20_000_000, Per::Gigabyte, EGRESS, "2026-09"),
    item("cdn-egress", "CloudFront to the internet, after 1 free TB", 85_000_000, Per::Gigabyte, "AWS CloudFront list", "undated copy"),
    item("s3", "Storage", 23_000_000, Per::GigabyteMonth, S3, "undated copy"),
    item("s3-put", "Writing an object", 5_000_000_000, Per::MillionRequests, S3, "undated copy"),
    item("s3-get", "Reading an object", 400_000_000, Per::MillionRequests, S3, "undated copy"),
    item("sqs", "A request to a standard queue", 400_000_000, Per::MillionRequests, "AWS SQS list, us-east-1", "undated copy"),
    item("lambda", "A call, without its memory and time", 200_000_000, Per::MillionRequests, "AWS Lambda list, us-east-1", "undated copy"),
    item("dynamodb-write", "A write", 625_000_000, Per::MillionRequests, DYNAMO, "after the cut of 2024-11"),
    item("dynamodb-read", "A read", 125_000_000, Per::MillionRequests, DYNAMO, "after the cut of 2024-11"),
    item("dynamodb", "Storage", 250_000_000, Per::GigabyteMonth, DYNAMO, "after the cut of 2024-11"),
];

const fn item(name: &'static str, doc: &'static str, amount: i64, per: Per, source: &'static str, as_of: &'static str) -> Listed {
    Listed { name, doc, amount: Money(amount), per, source, as_of }
}

/// Finds a list by its name.
pub fn list(name: &str) -> Option<&'static PriceList> {
    LISTS.iter().find(|list| list.name == name)
}

impl PriceList {
    pub fn find(&self, size: &str) -> Option<&'static Listed> {
        self.items.iter().find(|item| item.name == size)
    }
}

/// The price of one replica: the author's own, else that of its `size` in the list that the
/// document names. `None` means "not priced", never "free".
pub fn price_of(document: &Document, component: &str) -> Option<Price> {
    if let Some(own) = document.prices.own.get(component) {
        return Some(own.clone());
    }
    let list = list(document.prices.list.as_deref()?)?;
    let Some(crate::Setting::Word(size)) = document.components.get(component)?.settings.get("size") else { return None };
    let listed = list.find(size)?;
    Some(Price { amount: listed.amount, per: listed.per, source: Some(format!("{}, {}", listed.source, listed.as_of)) })
}
