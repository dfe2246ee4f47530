-- Appends one version of a story, or finds that it is known: seen-check, sequence, entry and announcement in one step,
-- so that nothing is announced that is not stored, and two ingestors with the same story append it once.
--
-- KEYS  1 meta (see begin.lua)   2 log (stream, id = SEQUENCE-0)
--       3 items (hash: story id -> packed)  4 touched (sorted set: story id by when a source last showed it)
--       5 held (sorted set: story id by its time)  6 drafts (hash: story id -> the held story as JSON)
--       7 notes, 8 why (hashes by story id: see note.lua)
-- ARGV  1 channel            2 now, ms          3 now, RFC 3339
--       4 most entries       5 touch after, ms  6 versions to know the places of
--       7 story id           8 status           9 fingerprint       10 'correction' or ''
--      11 the story as JSON, without what is assigned here
--      12 for a withdrawal: the version it was made for, and 13 its reach as JSON; both '' otherwise
--      14 for a held story whose time has come: the draft as it was held; '' otherwise
--      15 why the story has its topics, as JSON; '' for nothing
--      16 EPOCH.SEQUENCE behind which the story must have no entry; '' for anything
-- Answers {'begin'} (the epoch has ended, or there is none yet: begin.lua comes first) | {'known'}
--       | {'stale'} (the story has changed since ARGV[12]) | {'overtaken'} (since ARGV[16]) | {outcome, epoch, entry as JSON}.
--
-- packed: version|status|fingerprint|firstCreated|sequence,sequence,… (oldest first)

local meta, log, items, touched = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, id, status, print = tonumber(ARGV[2]), ARGV[7], ARGV[8], ARGV[9]

local life = redis.call('HMGET', meta, 'epoch', 'history', 'last')
local epoch, history = life[1], life[2]
if not epoch or history ~= (string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or '') then
  return { 'begin' }
end

if ARGV[14] ~= '' then
  if redis.call('HGET', KEYS[6], id) ~= ARGV[14] then return { 'known' } end
  redis.call('HDEL', KEYS[6], id)
  redis.call('ZREM', KEYS[5], id)
end

local version, created, sequences, seen_status, seen_print = 0, ARGV[3], {}, nil, nil
local packed = redis.call('HGET', items, id)
if packed then
  local v, s, p, c, list = string.match(packed, '^(%d+)|(%a+)|([^|]*)|([^|]*)|([%d,]*)$')
  if not v then return redis.error_reply('CORRUPT item ' .. id) end
  version, seen_status, seen_print, created = tonumber(v), s, p, c
  for sequence in string.gmatch(list, '%d+') do sequences[#sequences + 1] = sequence end
end

if status == 'usable' then
  if seen_status == 'usable' and seen_print == print then
    local last = tonumber(redis.call('ZSCORE', touched, id) or '0')
    if now - last > tonumber(ARGV[5]) then redis.call('ZADD', touched, now, id) end
    return { 'known' }
  end
else
  if not packed or seen_status == 'canceled' then return { 'known' } end
end
if ARGV[16] ~= '' then
  local of, place = string.match(ARGV[16], '^(%w+)%.(%d+)$')
  if of ~= epoch or tonumber(sequences[#sequences] or '0') > tonumber(place) then return { 'overtaken' } end
end
if status == 'canceled' then
  if version ~= tonumber(ARGV[12]) then return { 'stale' } end
end

local outcome, change
if status == 'canceled' then outcome, change = 'canceled', 'cancel'
elseif not packed then outcome, change = 'new', 'new'
elseif ARGV[10] == 'correction' then outcome, change = 'updated', 'correction'
else outcome, change = 'updated', 'update' end

-- Set, not incremented: what is left of a torn transaction may be read again with the next one, and counts for nothing.
local sequence = tonumber(life[3] or '0') + 1
redis.call('HSET', meta, 'last', string.format('%d', sequence))
version = version + 1
sequences[#sequences + 1] = string.format('%d', sequence)
local known = tonumber(ARGV[6])
while #sequences > known do table.remove(sequences, 1) end

local number = string.format('%d', sequence)
local story = '{"version":' .. string.format('%d', version) .. ',"status":"' .. status .. '","change":"' .. change
  .. '","cursor":"' .. epoch .. '.' .. number .. '","firstCreated":"' .. created
  .. '","versionCreated":"' .. ARGV[3] .. '",' .. string.sub(ARGV[11], 2)
local entry = '{"sequence":' .. number .. ',"at":' .. ARGV[2] .. ',"story":' .. story
if ARGV[13] ~= '' then entry = entry .. ',"reach":' .. ARGV[13] end
entry = entry .. '}'

redis.call('XADD', log, number .. '-0', 'at', ARGV[2], 'entry', entry)
redis.call('HSET', items, id,
  string.format('%d', version) .. '|' .. status .. '|' .. print .. '|' .. created .. '|' .. table.concat(sequences, ','))
redis.call('ZADD', touched, now, id)
redis.call('HDEL', KEYS[7], id)
if ARGV[15] ~= '' then redis.call('HSET', KEYS[8], id, ARGV[15]) else redis.call('HDEL', KEYS[8], id) end

local first = sequence - tonumber(ARGV[4]) + 1
if first > tonumber(redis.call('HGET', meta, 'first')) then
  redis.call('XTRIM', log, 'MINID', '=', string.format('%d', first) .. '-0')
  redis.call('HSET', meta, 'first', string.format('%d', first))
end

redis.call('PUBLISH', ARGV[1], epoch .. ' ' .. entry)
return { outcome, epoch, entry }
