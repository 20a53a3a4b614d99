//! Encodes finished runs as a part: one file per batch, which is never changed.
//!
//! The first line is the SHA-256 of everything after it, the second a header in JSON, the rest an LZ4 frame with the rows
//! of the runs as CSV: table after table, run after run. The rows have neither labels nor names of phases, because these
//! are not part of what a run is; [`super::rows`] adds them. The same runs always give the same bytes.

use super::address::Address;
use super::version::RESULTS_VERSION;
use crate::experiment::replicate::RunOutput;
use crate::output::folder::hexadecimal;
use lz4_flex::frame::{FrameDecoder, FrameEncoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};

/// Version of the format.
const FORM: u32 = 1;

/// The header of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    /// What the file is.
    kadry: String,
    form: u32,
    results: u32,
    tables: Vec<String>,
    runs: Vec<HeaderRun>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct HeaderRun {
    address: String,
    agent_months: u64,
    /// Bytes of the rows in each table.
    bytes: Vec<u64>,
}

/// The error for a part that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartFault {
    /// It is damaged, incomplete or no part.
    Damaged,
    /// A program with results of another version wrote it.
    OtherResults(u32),
}

/// Finished runs, decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Names of the tables.
    pub tables: Vec<String>,
    /// Address and agent-months of each run.
    pub runs: Vec<(Address, u64)>,
    payload: Vec<u8>,
    /// Begin of each run's rows in the payload by table, and the end of the last.
    begins: Vec<usize>,
}

/// Tables of a part, and its runs with their agent-months.
pub type PartHead = (Vec<String>, Vec<(Address, u64)>);

/// Name of the part that holds these runs with these tables.
pub fn name(tables: &[String], runs: impl IntoIterator<Item = Address>) -> String {
    let mut digest = Sha256::new();
    for table in tables {
        digest.update(table);
        digest.update([0]);
    }
    runs.into_iter().for_each(|run| digest.update(run.0));
    hexadecimal(&digest.finalize()[..10])
}

const TO_MEMORY: &str = "writing to memory cannot fail";

/// Encodes runs, each with its rows by table.
pub fn encode(tables: &[String], runs: &[(Address, RunOutput)]) -> Vec<u8> {
    let header = Header {
        kadry: "part".into(),
        form: FORM,
        results: RESULTS_VERSION,
        tables: tables.to_vec(),
        runs: runs
            .iter()
            .map(|(address, output)| HeaderRun {
                address: address.to_string(),
                agent_months: output.agent_months,
                bytes: output.tables.iter().map(|rows| rows.len() as u64).collect(),
            })
            .collect(),
    };
    let mut body = serde_json::to_vec(&header).expect(TO_MEMORY);
    body.push(b'\n');
    let mut frame = FrameEncoder::new(body);
    for table in 0..tables.len() {
        for (_, output) in runs {
            frame.write_all(&output.tables[table]).expect(TO_MEMORY);
        }
    }
    let body = frame.finish().expect(TO_MEMORY);
    let mut bytes = hexadecimal(&Sha256::digest(&body)).into_bytes();
    bytes.push(b'\n');
    bytes.extend(body);
    bytes
}

impl Part {
    /// Reads the tables and the runs of a part from its first two lines, without checking its digest.
    ///
    /// # Errors
    ///
    /// As [`Part::decode`].
    pub fn read_head(lines: &[u8]) -> Result<PartHead, PartFault> {
        let read = || {
            let end = lines.iter().position(|byte| *byte == b'\n')?;
            let header: Header = serde_json::from_slice(&lines[end + 1..]).ok()?;
            if header.results != RESULTS_VERSION {
                return Some(Err(PartFault::OtherResults(header.results)));
            }
            let runs = header.runs.iter().map(|run| Some((Address::parse(&run.address)?, run.agent_months)));
            Some(Ok((header.tables, runs.collect::<Option<Vec<_>>>()?)))
        };
        read().ok_or(PartFault::Damaged)?
    }

    /// Decodes a part and checks its digest.
    ///
    /// # Errors
    ///
    /// If it is damaged, or has results of another version.
    pub fn decode(bytes: &[u8]) -> Result<Part, PartFault> {
        decode(bytes).ok_or(PartFault::Damaged)?
    }

    /// The rows of a run in a table, by position.
    pub fn rows(&self, run: usize, table: usize) -> &[u8] {
        let position = table * self.runs.len() + run;
        &self.payload[self.begins[position]..self.begins[position + 1]]
    }
}

/// `None` if the part is damaged.
fn decode(bytes: &[u8]) -> Option<Result<Part, PartFault>> {
    let (digest, body) = bytes.split_at_checked(65)?;
    if digest[64] != b'\n' || hexadecimal(&Sha256::digest(body)).as_bytes() != &digest[..64] {
        return None;
    }
    let end = body.iter().position(|byte| *byte == b'\n')?;
    let header: Header = serde_json::from_slice(&body[..end]).ok()?;
    if header.results != RESULTS_VERSION {
        return Some(Err(PartFault::OtherResults(header.results)));
    }
    if header.form != FORM || header.kadry != "part" {
        return None;
    }
    let mut payload = Vec::new();
    FrameDecoder::new(&body[end + 1..]).read_to_end(&mut payload).ok()?;
    let mut begins: Vec<usize> = vec![0];
    for table in 0..header.tables.len() {
        for run in &header.runs {
            let length = usize::try_from(*run.bytes.get(table)?).ok()?;
            begins.push(begins.last()?.checked_add(length).filter(|end| *end <= payload.len())?);
        }
    }
    let runs = header.runs.iter().map(|run| Some((Address::parse(&run.address)?, run.agent_months)));
    let runs = runs.collect::<Option<Vec<_>>>()?;
    (begins.last() == Some(&payload.len())).then_some(())?;
    Some(Ok(Part { tables: header.tables, runs, payload, begins }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs() -> Vec<(Address, RunOutput)> {
        let output = |text: &str| RunOutput {
            tables: vec![text.repeat(50).into_bytes(), b"2,0.5\n".to_vec()],
            agent_months: 7,
            ..RunOutput::default()
        };
        vec![(Address([1; 32]), output("1,0.1\n")), (Address([2; 32]), output("3,0.2\n"))]
    }

    #[test]
    fn a_part_is_decoded_as_it_was_encoded() {
        let tables = ["series".to_owned(), "phases".to_owned()];
        let bytes = encode(&tables, &runs());
        assert_eq!(bytes, encode(&tables, &runs()));
        let part = Part::decode(&bytes).unwrap();
        assert_eq!((part.tables.as_slice(), part.runs[1]), (tables.as_slice(), (Address([2; 32]), 7)));
        for (run, (_, output)) in runs().iter().enumerate() {
            for table in 0..2 {
                assert_eq!(part.rows(run, table), output.tables[table]);
            }
        }
        let names = [name(&tables, [Address([1; 32])]), name(&tables[..1], [Address([1; 32])])];
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = encode(&["series".into(), "phases".into()], &runs());
        for position in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[position] ^= 1 << (position % 8);
            assert_eq!(Part::decode(&damaged), Err(PartFault::Damaged), "byte {position}");
            assert_eq!(Part::decode(&bytes[..position]), Err(PartFault::Damaged), "{position} bytes");
        }
    }
}
