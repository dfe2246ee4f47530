-- Removes what retention no longer allows, a bounded number at a time.
--
-- KEYS  1 meta   2 log   3 items   4 touched   5 views   6 notes   7 why
-- ARGV  1 oldest entry to keep, ms   2 oldest story to remember, ms   3 the most to remove of each
-- Answers how many entries and stories were removed; as many as ARGV[3] means that there may be more.

local meta, log, items, touched, views = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local oldest, most = tonumber(ARGV[1]), tonumber(ARGV[3])

local removed, first = 0, nil
for _, row in ipairs(redis.call('XRANGE', log, '-', '+', 'COUNT', most)) do
  if tonumber(row[2][2]) >= oldest then break end
  first = tonumber(string.match(row[1], '^%d+')) + 1
  removed = removed + 1
end
if first then
  redis.call('XTRIM', log, 'MINID', '=', string.format('%d', first) .. '-0')
  redis.call('HSET', meta, 'first', string.format('%d', first))
end

local forgotten = redis.call('ZRANGEBYSCORE', touched, '-inf', '(' .. ARGV[2], 'LIMIT', 0, most)
for _, id in ipairs(forgotten) do
  redis.call('HDEL', items, id)
  redis.call('HDEL', views, id)
  redis.call('HDEL', KEYS[6], id)
  redis.call('HDEL', KEYS[7], id)
  redis.call('ZREM', touched, id)
end
return { removed, #forgotten }
