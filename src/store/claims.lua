-- Who is alive, and whose each source is, by the clock of Redis: the clocks of ingestors may differ.
--
-- KEYS  1 members (sorted set: member by when it ends)   2 claims (hash: source id -> ENDS MEMBER)
-- ARGV  1 'join' | 'leave' | 'claim' | 'unclaim'   2 member   3 ms   4… source ids
-- Answers the members alive (join), or the source ids that are the member's now (claim).

local members, claims = KEYS[1], KEYS[2]
local action, member = ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local ends = now + tonumber(ARGV[3])

local function owner(id)
  local claim = redis.call('HGET', claims, id)
  if not claim then return nil end
  local until_, who = string.match(claim, '^(%d+) (.+)$')
  if not until_ or tonumber(until_) <= now then return nil end
  return who
end

if action == 'join' then
  redis.call('ZADD', members, ends, member)
  redis.call('ZREMRANGEBYSCORE', members, '-inf', now)
  return redis.call('ZRANGE', members, 0, -1)
elseif action == 'leave' then
  redis.call('ZREM', members, member)
elseif action == 'claim' then
  local mine = {}
  for index = 4, #ARGV do
    local who = owner(ARGV[index])
    if not who or who == member then
      redis.call('HSET', claims, ARGV[index], string.format('%d', ends) .. ' ' .. member)
      mine[#mine + 1] = ARGV[index]
    end
  end
  return mine
elseif action == 'unclaim' then
  for index = 4, #ARGV do
    if owner(ARGV[index]) == member then redis.call('HDEL', claims, ARGV[index]) end
  end
end
return {}
