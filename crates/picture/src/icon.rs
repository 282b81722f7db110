//! One drawing per kind of component, 24 by 24, in one line weight, without fill. Drawn by hand
//! from what the thing does rather than from any product.

/// Path data for a kind; a plain box for a kind that has no drawing.
pub fn path(kind: &str) -> &'static str {
    match kind {
        // Two people.
        "clients" => {
            "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M2.5 20c0-3.8 2.9-6 6.5-6s6.5 2.2 6.5 6M15.5 4.4a3.5 3.5 0 0 1 0 6.3M17.5 14.4c2.5.7 4 2.7 4 5.6"
        }
        // A signpost.
        "dns" => "M12 2.5V21.5M8.5 21.5H15.5M5 5H16.5L19.5 7.5L16.5 10H5ZM19 12H10.5L7.5 14.2L10.5 16.5H19Z",
        // Copies close to the edge of a globe.
        "cdn" => "M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18M3 12H21M12 3c-5.2 5-5.2 13 0 18M12 3c5.2 5 5.2 13 0 18",
        // One line that becomes three.
        "balancer" => {
            "M2.5 12H8M8 12C13 12 11 5 16.5 5H18M8 12H18M8 12C13 12 11 19 16.5 19H18M18 2.8L21.5 5L18 7.2M18 9.8L21.5 12L18 14.2M18 16.8L21.5 19L18 21.2"
        }
        // A gate in a wall.
        "gateway" => {
            "M2.5 20.5H21.5M4 20.5V9.5C4 5.5 7.5 3 12 3S20 5.5 20 9.5V20.5M8.5 20.5V11C8.5 8.8 10 7.5 12 7.5S15.5 8.8 15.5 11V20.5"
        }
        // A funnel.
        "limiter" => "M3 4H21L14 12.5V20L10 17.5V12.5Z",
        // A machine that works: a hexagon with a hub.
        "service" => "M12 2.8L20 7.4V16.6L12 21.2L4 16.6V7.4ZM12 15.2a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 0 0 0 6.4",
        // A flash: answers at once.
        "cache" => "M13.5 2.5L5 13.5H11L10 21.5L19 10H12.8Z",
        // A drum.
        "relational" => {
            "M4 5.8C4 4 7.6 2.8 12 2.8S20 4 20 5.8S16.4 8.8 12 8.8S4 7.6 4 5.8V18.2C4 20 7.6 21.2 12 21.2S20 20 20 18.2V5.8M4 12C4 13.8 7.6 15 12 15S20 13.8 20 12"
        }
        // A key.
        "keyvalue" => "M7.5 16.5a4.5 4.5 0 1 0 0-9a4.5 4.5 0 0 0 0 9M12 12H21.5V15.5M17.5 12V14.8",
        // A sheet with lines.
        "document" => "M5.5 2.8H14L18.5 7.3V21.2H5.5ZM14 2.8V7.3H18.5M8.5 11.5H15.5M8.5 14.5H15.5M8.5 17.5H13",
        // Columns of unlike height.
        "columnar" => "M3 21H21M5 21V8.5H8.5V21M10.2 21V3.5H13.8V21M15.5 21V12H19V21",
        // Records in a row, and the next one arriving.
        "log" => "M2.5 7.5H16.5V16.5H2.5ZM7.2 7.5V16.5M11.8 7.5V16.5M22 12H18M20 9.8L17.8 12L20 14.2",
        // A line of waiting people before a counter.
        "queue" => {
            "M4.5 14.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4M10.5 14.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4M16.5 14.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4M21.5 5V19"
        }
        // A bucket.
        "objects" => {
            "M3.5 6C3.5 4.3 7.3 3 12 3S20.5 4.3 20.5 6S16.7 9 12 9S3.5 7.7 3.5 6L6 19.2C6.3 20.4 8.9 21.3 12 21.3S17.7 20.4 18 19.2L20.5 6"
        }
        // A lens.
        "search" => "M10.5 17a6.5 6.5 0 1 0 0-13a6.5 6.5 0 0 0 0 13M15.3 15.3L21 21M7.5 9H13.5M7.5 12H11.5",
        // A clock.
        "scheduler" => "M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18M12 6.5V12L15.8 14.5",
        // A cloud: somebody else's.
        "external" => "M7 18.5a4.3 4.3 0 0 1-.6-8.5A6 6 0 0 1 17.9 9.6a4.5 4.5 0 0 1-.9 8.9Z",
        _ => "M4 4H20V20H4Z",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_kind_of_the_catalogue_has_a_drawing_of_its_own() {
        let paths: Vec<&str> = design::catalogue::KINDS.iter().map(|kind| super::path(kind.name)).collect();
        for (i, path) in paths.iter().enumerate() {
            let name = design::catalogue::KINDS[i].name;
            assert!(*path != super::path("no such kind"), "{name} is a plain box");
            assert!(!paths[..i].contains(path), "{name} looks like another kind");
        }
    }
}
