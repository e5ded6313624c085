--- Scenarios as tests: what differs goes into the quickfix list, at the state that it comes from.

local M = {}

local SUFFIXES = { '.scenarios.json', '.scenarios.yaml', '.scenarios.yml' }

--- The program of the server.
local function program()
  local cmd = vim.lsp.config.asl_lsp and vim.lsp.config.asl_lsp.cmd
  return type(cmd) == 'table' and cmd[1] or 'asl-lsp'
end

--- The file of scenarios for a definition, or the file itself if it is one; nil if there is none.
---@param path string
---@return string?
function M.scenario_file(path)
  for _, suffix in ipairs(SUFFIXES) do
    if vim.endswith(path, suffix) then
      return path
    end
  end
  local stem = path:match('^(.*)%.asl%.json$') or path:match('^(.*)%.asl%.ya?ml$') or path:match('^(.*)%.asl$')
  for _, suffix in ipairs(SUFFIXES) do
    if stem and vim.uv.fs_stat(stem .. suffix) then
      return stem .. suffix
    end
  end
end

--- A value on one line, short enough for a list.
local function short(value)
  local text = (value == nil or value == vim.NIL) and 'nothing' or vim.json.encode(value)
  return #text > 80 and vim.fn.strcharpart(text, 0, 79) .. '…' or text
end

local function entry(place, text)
  place = type(place) == 'table' and place or {}
  return { filename = place.path, lnum = place.line, col = place.column, text = text, type = 'E' }
end

--- The entries of the quickfix list for what `asl-lsp test --format json` prints, and how many scenarios passed
--- and failed.
---@return table[], integer, integer
function M.entries(results)
  local entries, passed, failed = {}, 0, 0
  for _, file in ipairs(results.files) do
    for _, scenario in ipairs(file.scenarios) do
      local at = { path = file.path, line = scenario.line, column = 1 }
      if scenario.result == 'passed' then
        passed = passed + 1
      else
        failed = failed + 1
      end
      for _, difference in ipairs(scenario.differences) do
        local what = difference.path:gsub('^/', ''):gsub('/', '.'):gsub('~1', '/'):gsub('~0', '~')
        local text = ('%s: %s: expected %s, actual %s'):format(scenario.name, what, short(difference.expected), short(difference.actual))
        local place = type(difference.place) == 'table' and difference.place or difference.expectedAt
        table.insert(entries, entry(type(place) == 'table' and place or at, text))
      end
      if scenario.result == 'error' then
        table.insert(entries, entry(type(scenario.place) == 'table' and scenario.place or at, scenario.name .. ': ' .. scenario.reason))
      end
    end
  end
  return entries, passed, failed
end

--- Runs scenarios: those of the buffer's state machine, or of a file or folder.
---@param path string?
function M.run(path)
  local target = path and path ~= '' and vim.fn.fnamemodify(path, ':p') or M.scenario_file(vim.api.nvim_buf_get_name(0))
  if not target then
    vim.notify('asl-lsp: there is no file of scenarios beside this buffer', vim.log.levels.WARN)
    return
  end
  -- As :make does.
  if vim.o.autowrite or vim.o.autowriteall then
    vim.cmd.wall({ mods = { emsg_silent = true } })
  end
  vim.system({ program(), 'test', '--format', 'json', target }, { text = true }, function(done)
    vim.schedule(function()
      local ok, results = pcall(vim.json.decode, done.stdout)
      if not ok then
        vim.notify('asl-lsp: ' .. vim.trim(done.stderr):gsub('^error: ', ''), vim.log.levels.ERROR)
        return
      end
      local entries, passed, failed = M.entries(results)
      vim.fn.setqflist({}, ' ', { title = 'asl-lsp test', items = entries })
      vim.notify(('asl-lsp: %d passed, %d failed'):format(passed, failed), failed > 0 and vim.log.levels.WARN or vim.log.levels.INFO)
      if failed > 0 then
        vim.cmd('botright copen')
      else
        vim.cmd.cclose()
      end
    end)
  end)
end

return M
