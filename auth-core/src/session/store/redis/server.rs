//! One server, and the connection that all commands share.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ConnectionAddr, FromRedisValue, RedisError};
use tokio::time::{Instant, timeout_at};

use super::super::StoreError;

pub(super) struct Server {
    client: Client,
    /// Of a command, connecting included.
    pub(super) deadline: Duration,
    /// With its number, by which whoever finds it broken says which one that was.
    connection: Mutex<(u64, Option<MultiplexedConnection>)>,
    /// Held by who connects, so that a thousand requests do not.
    connecting: tokio::sync::Mutex<()>,
}

impl Server {
    pub(super) fn new(client: Client, deadline: Duration) -> Self {
        let (connection, connecting) = (Mutex::new((0, None)), tokio::sync::Mutex::new(()));
        Self { client, deadline, connection, connecting }
    }

    /// Asks, and once more if the connection turns out to be one that has been lost while nobody
    /// needed it. All commands here can be repeated: at worst, a lock is held by nobody for its time.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let deadline = Instant::now() + self.deadline;
        let mut has_asked = false;
        loop {
            let connected = timeout_at(deadline, self.connection()).await;
            let (number, mut connection) =
                connected.map_err(|_| self.late())?.map_err(|error| self.failed(&error))?;
            match timeout_at(deadline, command.query_async(&mut connection)).await {
                Ok(Ok(answer)) => return Ok(answer),
                // After a failover, who was asked before may only be a replica.
                Ok(Err(error))
                    if error.is_unrecoverable_error() || error.code() == Some("READONLY") =>
                {
                    self.give_up(number);
                    if has_asked {
                        return Err(self.failed(&error));
                    }
                    has_asked = true;
                }
                Ok(Err(error)) => return Err(self.failed(&error)),
                Err(_) => {
                    self.give_up(number);
                    return Err(self.late());
                }
            }
        }
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), RedisError> {
        if let Some(connection) = self.current() {
            return Ok(connection);
        }
        let _turn = self.connecting.lock().await;
        if let Some(connection) = self.current() {
            return Ok(connection);
        }
        // The deadline is that of the whole command.
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let new = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = (slot.0 + 1, Some(new.clone()));
        Ok((slot.0, new))
    }

    fn current(&self) -> Option<(u64, MultiplexedConnection)> {
        let slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        Some((slot.0, slot.1.clone()?))
    }

    fn give_up(&self, number: u64) {
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.0 == number {
            slot.1 = None;
        }
    }

    fn late(&self) -> StoreError {
        self.error(format_args!("no answer within {:?}", self.deadline))
    }

    /// Of what the server says only the code is told: the rest can quote the command.
    fn failed(&self, error: &RedisError) -> StoreError {
        match error.code() {
            Some(code) => self.error(format_args!("it answers {code}")),
            None if error.is_io_error() => self.error(error),
            None => self.error(error.category()),
        }
    }

    fn error(&self, cause: impl fmt::Display) -> StoreError {
        StoreError::new(format_args!("redis at {}: {cause}", self.address()))
    }

    pub(super) fn address(&self) -> &ConnectionAddr {
        self.client.get_connection_info().addr()
    }
}
