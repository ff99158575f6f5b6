//! The worker's end of the protocol: events out, job and inputs in.

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::os::fd::FromRawFd;

use crate::event::{Event, FileRef};
use crate::fault::Fault;
use crate::job;

/// JSON lines on a private duplicate of descriptor 1; descriptor 1 becomes standard error.
pub struct Channel {
    out: File,
}

impl Channel {
    /// Move the protocol off descriptor 1, because libraries print there.
    pub fn take() -> io::Result<Self> {
        // SAFETY: the duplicate is new and owned by the File alone; dup2 keeps 1 open.
        unsafe {
            let private = libc::fcntl(1, libc::F_DUPFD_CLOEXEC, 3);
            if private < 0 || libc::dup2(2, 1) < 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(Self {
                out: File::from_raw_fd(private),
            })
        }
    }

    /// Write one event line at once.
    pub fn send(&mut self, event: &Event) {
        self.line(serde_json::to_vec(event).expect("events serialise to JSON"));
    }

    /// Write one JSON document as a line. A harness that is gone ends the worker.
    pub fn line(&mut self, mut bytes: Vec<u8>) {
        bytes.push(b'\n');
        if let Err(error) = self.out.write_all(&bytes) {
            eprintln!("the harness no longer listens: {error}");
            std::process::exit(1);
        }
    }

    /// Read one line of standard input.
    pub fn receive(&mut self) -> Result<String, Fault> {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(|error| {
            Fault::protocol("line", "", format!("must be UTF-8 text ({error})"))
        })?;
        Ok(line)
    }

    /// Ask for the inputs and read where they are.
    pub fn inputs(&mut self) -> Result<FileRef, Fault> {
        self.send(&Event::InputsWanted);
        let object = job::object(&self.receive()?)?;
        serde_json::from_value(object.into())
            .map_err(|error| Fault::protocol("inputs", "", error.to_string()))
    }
}
