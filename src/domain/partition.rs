//! The partitions of AWS as one table of data.
