-- Answers how far the log reaches. A Redis that is another one than before, because it was restarted or a replica took
-- over, may have lost what was written last: the log then goes on in a new epoch from what is there, and remembers where
-- the old one ended, so that whoever stood in it goes on from there too.
--
-- KEYS  1 meta (hash: epoch, first, last, history, lineage)   2 log
-- ARGV  1 a name for an epoch that begins now   2 the most epochs to remember
-- Answers {epoch, first, last, lineage}; lineage is 'EPOCH.SEQUENCE EPOCH.SEQUENCE …', oldest first.

local meta = KEYS[1]
-- Redis gives its data a new name with every start and with every replica that takes over; replicas have their master's.
local history = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or ''
local known = redis.call('HMGET', meta, 'epoch', 'history', 'last', 'lineage')
local epoch, before, last, lineage = known[1], known[2], known[3] or '0', known[4] or ''

if not epoch then
  redis.call('HSET', meta, 'epoch', ARGV[1], 'first', 1, 'history', history)
elseif before ~= history then
  -- What is there decides, not what was counted: an append-only file may have been torn in the middle of an append.
  local top = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
  last = top and string.match(top[1], '^%d+') or string.format('%d', tonumber(redis.call('HGET', meta, 'first')) - 1)
  redis.call('HSET', meta, 'last', last)
  -- A log of an earlier release does not say where it was.
  if before then
    local lives = {}
    for life in string.gmatch(lineage .. ' ' .. epoch .. '.' .. last, '%S+') do lives[#lives + 1] = life end
    while #lives > tonumber(ARGV[2]) do table.remove(lives, 1) end
    redis.call('HSET', meta, 'epoch', ARGV[1], 'lineage', table.concat(lives, ' '))
  end
  redis.call('HSET', meta, 'history', history)
end
return redis.call('HMGET', meta, 'epoch', 'first', 'last', 'lineage')
