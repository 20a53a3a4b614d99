//! Lists what can happen to a person in a month.

macro_rules! events {
    ($($event:ident $key:literal $words:literal;)*) => {
        /// Something that happens to a person.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Event {
            $(#[doc = $words] $event,)*
        }

        /// All of them, in the order of the month.
        pub const EVENTS: &[Event] = &[$(Event::$event,)*];

        impl Event {
            /// The word in tables.
            pub fn key(self) -> &'static str {
                match self {
                    $(Event::$event => $key,)*
                }
            }

            /// What happened, in words.
            pub fn words(self) -> &'static str {
                match self {
                    $(Event::$event => $words,)*
                }
            }
        }
    };
}

events! {
    Arrested "arrested" "arrested";
    DemotedBySanction "demoted_sanction" "demoted after accusations";
    DemotedByPurge "demoted_purge" "demoted on expulsion from the party";
    VotedOut "demoted_election" "voted out and demoted";
    NaturalExit "natural_exit" "died, retired or departed";
    Dismissed "dismissed" "dismissed after accusations";
    Quit "quit" "quit";
    LeftIndustry "left_industry" "left industry";
    Expelled "expelled" "expelled from the party";
    LeftParty "left_party" "left the party";
    Graduated "graduated" "came back from school";
    Assigned "assigned" "came from school, from outside industry";
    Moved "moved" "moved to another unit";
    Promoted "promoted" "promoted";
    ToSchool "to_school" "sent to school";
    Hired "hired" "hired";
    JoinedParty "joined_party" "joined the party";
}

/// The events of a person in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Events(u32);

impl Events {
    /// Adds an event.
    pub fn add(&mut self, event: Event) {
        self.0 |= 1 << event as u32;
    }

    /// Whether this event is among them.
    pub fn has(self, event: Event) -> bool {
        self.0 >> event as u32 & 1 != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The events, in the order of the month.
    pub fn iter(self) -> impl Iterator<Item = Event> {
        EVENTS.iter().copied().filter(move |event| self.has(*event))
    }

    /// The words in tables, separated by spaces.
    pub fn keys(self) -> String {
        self.iter().map(Event::key).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_kept_in_the_order_of_the_month() {
        let mut events = Events::default();
        assert!(events.is_empty() && events.keys().is_empty());
        for event in [Event::JoinedParty, Event::Quit, Event::Moved, Event::Quit] {
            events.add(event);
        }
        assert_eq!(events.keys(), "quit moved joined_party");
        assert!(events.has(Event::Quit) && !events.has(Event::Arrested));
        assert!(EVENTS.len() <= 32);
    }
}
