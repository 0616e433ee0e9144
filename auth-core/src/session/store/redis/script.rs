//! What has to happen in one step.
//!
//! A script is sent whole each time: the server keeps what it has compiled, and after its restart
//! nobody has to notice that it is gone.

/// A fence is a time in microseconds, so that it also grows when the server has lost its memory.
pub(super) const LOCK: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local lock = redis.call('HMGET', KEYS[1], 'fence', 'held_until')
if now < (tonumber(lock[2]) or 0) then return false end
local fence = math.max(now, (tonumber(lock[1]) or 0) + 1)
local held_until = now + ARGV[1] * 1000
redis.call('HSET', KEYS[1],
    'fence', string.format('%.0f', fence), 'held_until', string.format('%.0f', held_until))
redis.call('PEXPIRE', KEYS[1], ARGV[1] + ARGV[2])
return fence
";

pub(super) const UNLOCK: &str = r"
if redis.call('HGET', KEYS[1], 'fence') == ARGV[1] then
    redis.call('HSET', KEYS[1], 'held_until', 0)
end
";

pub(super) const REPLACE: &str = r"
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[1] then return false end
return redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3], 'XX')
";

/// The list lives as long as the last entry that counts, and each addition drops some that do not.
pub(super) const REVOKE: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local life = ARGV[4] - now
if life <= 0 then return end
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 100)) do
    if tonumber(entry[2][8]) > now then break end
    redis.call('XDEL', KEYS[1], entry[1])
end
redis.call('XADD', KEYS[1], '*',
    'kind', ARGV[1], 'id', ARGV[2], 'issued_until', ARGV[3], 'until', ARGV[4])
if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], life) end
";
