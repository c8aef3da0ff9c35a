-- Posts with lead ids that are unique over all threads: `prefix`, the thread's digit, a counter.
-- Arguments after "--": the file with head, entry and tail (one a line), the prefix, leads a POST.
local threads = 0

function setup(thread)
  thread:set("digit", threads)
  threads = threads + 1
end

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do
    lines[#lines + 1] = line
  end
  head, entry, tail = lines[1], lines[2], lines[3]
  prefix, leads = args[2], tonumber(args[3])
  counter = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

local function lead()
  counter = counter + 1
  local uid = prefix .. digit .. string.format("%012d", counter)
  return (entry:gsub("@%u+@", { ["@UID@"] = uid, ["@TAIL@"] = uid:sub(-7) }))
end

function request()
  local entries = {}
  for i = 1, leads do
    entries[i] = lead()
  end
  return wrk.format(nil, nil, nil, head .. table.concat(entries, ",") .. tail)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"posts": %d, "seconds": %.3f, "refused": %d, "broken": %d, "p50": %.1f, "p99": %.1f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
