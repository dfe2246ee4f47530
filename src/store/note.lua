-- Notes what was found out about a version of a story, beside the log, and announces it.
--
-- KEYS  1 items   2 notes (hash: story id -> note as JSON)   3 why (hash: story id -> evidence as JSON)
-- ARGV  1 channel   2 story id   3 version   4 the note it was made from, '' for none
--       5 the note   6 evidence, '' to keep what there is   7 the announcement
-- Answers 1 | 0 (the story has no such version any more) | -1 (another note came first).

local packed = redis.call('HGET', KEYS[1], ARGV[2])
if not packed or not string.find(packed, '^' .. ARGV[3] .. '|usable|') then return 0 end
if (redis.call('HGET', KEYS[2], ARGV[2]) or '') ~= ARGV[4] then return -1 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[5])
if ARGV[6] ~= '' then redis.call('HSET', KEYS[3], ARGV[2], ARGV[6]) end
redis.call('PUBLISH', ARGV[1], ARGV[7])
return 1
