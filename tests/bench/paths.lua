-- Asks for the paths given after "--" in turn.
local paths, turn = {}, 0
function init(args)
  for i = 1, #args do paths[#paths + 1] = args[i] end
  math.randomseed(os.time())
  turn = math.random(#paths)
end
function request()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn])
end
