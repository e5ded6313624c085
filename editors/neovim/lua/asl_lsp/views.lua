--- What is shown beside a state machine: tables, history and graph of its run, in scratch buffers that follow it.
--- All of it comes from the server's commands; editors/PROTOCOL.md describes them.

local json = require('asl_lsp.json')

local M = {}

--- The open views: by the buffer of a state machine, by kind, the buffer that shows it.
local open = {}

--- Carries out a command of the server about a buffer.
---@param source integer
---@param command string
---@param argument table
---@param done fun(result: any)
local function execute(source, command, argument, done)
  local client = require('asl_lsp')._client(source)
  if not client then
    return
  end
  argument.uri = vim.uri_from_bufnr(source)
  client:request('workspace/executeCommand', { command = command, arguments = { argument } }, function(err, result)
    if err then
      vim.notify('asl-lsp: ' .. err.message, vim.log.levels.ERROR)
    else
      done(result)
    end
  end, source)
end
M.execute = execute

local function text_of(value)
  return value ~= nil and value ~= vim.NIL and value or nil
end

--- Moves to a range in the state machine's window.
local function go(source, range)
  range = text_of(range)
  if not range then
    return
  end
  local window = vim.fn.win_findbuf(source)[1]
  if not window then
    return
  end
  vim.api.nvim_set_current_win(window)
  local client = require('asl_lsp')._client(source)
  local location = { uri = vim.uri_from_bufnr(source), range = range }
  vim.lsp.util.show_document(location, client and client.offset_encoding or 'utf-16', { focus = true })
end

--- By kind: the command, its argument, and the lines with what each is about.
local kinds = {}

kinds.tables = {
  command = 'asl.tables',
  render = function(result)
    local lines = {}
    for _, name in ipairs(json.sorted_keys(result.tables)) do
      table.insert(lines, '# ' .. name)
      vim.list_extend(lines, json.item_rows(result.tables[name].Items))
      table.insert(lines, '')
    end
    if #result.changes > 0 then
      table.insert(lines, '# Changes' .. (text_of(result.step) and (' of step %d'):format(result.step) or ''))
      for _, change in ipairs(result.changes) do
        local before, after = text_of(change.before), text_of(change.after)
        local sign = before and (after and '~' or '-') or '+'
        table.insert(lines, ('%s %s %s'):format(sign, change.table, json.pretty(after or before):gsub('\n%s*', ' ')))
      end
    end
    return lines, {}
  end,
}

kinds.history = {
  command = 'asl.history',
  render = function(result)
    local lines, places = {}, {}
    for _, event in ipairs(result.events) do
      table.insert(lines, ('%4d  %-28s %s'):format(event.id, event.type, text_of(event.state) or ''))
      places[#lines] = { range = event.range, event = event.id }
    end
    table.insert(lines, '')
    table.insert(lines, result.status .. ' · <CR> goes to the state, s shows that moment')
    return lines, places
  end,
}

kinds.graph = {
  command = 'asl-lsp.graph',
  argument = { format = 'mermaid' },
  filetype = 'mermaid',
  render = function(result)
    local lines, places = vim.split(vim.trim(result.mermaid), '\n', { plain = true }), {}
    for number, line in ipairs(lines) do
      for _, node in ipairs(result.nodes) do
        if line:find(node.name, 1, true) then
          places[number] = { range = node.range }
          break
        end
      end
    end
    return lines, places
  end,
}

--- Asks for what a view shows, and shows it.
local function refresh(source, kind)
  local spec, buffer = kinds[kind], (open[source] or {})[kind]
  if not buffer or not vim.api.nvim_buf_is_valid(buffer) then
    return
  end
  execute(source, spec.command, vim.deepcopy(spec.argument or {}), function(result)
    if not text_of(result) or not vim.api.nvim_buf_is_valid(buffer) then
      return
    end
    local lines, places = spec.render(result)
    vim.bo[buffer].modifiable = true
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
    vim.bo[buffer].modifiable = false
    M._places[buffer] = places
  end)
end

--- What each line of a view is about.
M._places = {}

--- Opens a view of the state machine in the current buffer: `tables`, `history` or `graph`.
---@param kind string
function M.open(kind)
  local source = vim.api.nvim_get_current_buf()
  if not require('asl_lsp')._client(source) then
    return
  end
  open[source] = open[source] or {}
  local buffer = open[source][kind]
  if not buffer or not vim.api.nvim_buf_is_valid(buffer) then
    buffer = vim.api.nvim_create_buf(false, true)
    open[source][kind] = buffer
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':t:r:r')
    vim.api.nvim_buf_set_name(buffer, ('asl-lsp://%d/%s %s'):format(buffer, name, kind))
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].filetype = kinds[kind].filetype or ('asl-' .. kind)
    local function here()
      return (M._places[buffer] or {})[vim.api.nvim_win_get_cursor(0)[1]]
    end
    vim.keymap.set('n', '<CR>', function()
      local place = here()
      if place then
        go(source, place.range)
      end
    end, { buffer = buffer, desc = 'Go to the state' })
    vim.keymap.set('n', 's', function()
      local place = here()
      if place and place.event then
        M.step({ event = place.event }, source)
      end
    end, { buffer = buffer, nowait = true, desc = 'Show this moment' })
    vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, nowait = true })
    vim.api.nvim_create_autocmd('BufWipeout', {
      buffer = buffer,
      callback = function()
        M._places[buffer] = nil
        if open[source] then
          open[source][kind] = nil
        end
      end,
    })
  end
  if #vim.fn.win_findbuf(buffer) == 0 then
    vim.cmd('botright vsplit')
    vim.api.nvim_win_set_buf(0, buffer)
    vim.cmd('wincmd p')
  end
  refresh(source, kind)
end

--- Goes to a step of the run: `first`, `previous`, `next`, `last` or a number, or `{ event = N }`.
function M.step(to, source)
  source = source or vim.api.nvim_get_current_buf()
  local argument = type(to) == 'table' and vim.deepcopy(to) or tonumber(to) and { step = tonumber(to) } or { to = to ~= '' and to or 'next' }
  execute(source, 'asl.step', argument, function(simulation)
    local where = text_of(simulation.step)
    local state = text_of(simulation.state)
    local text = where and ('step %d of %d%s'):format(where, simulation.steps, state and ' · ' .. state.name or '') or simulation.status
    vim.api.nvim_echo({ { 'asl-lsp: ' .. text } }, false, {})
  end)
end

--- Simulates with the scenario of a name from now on.
local function choose(source, name)
  execute(source, 'asl.scenario', { name = name }, function()
    -- Not only once its run is told of: the server may be killed before.
    M.chosen[vim.uri_from_bufnr(source)] = name
  end)
end

--- Asks which scenario to simulate with, or takes the one of a name.
function M.pick_scenario(name)
  local source = vim.api.nvim_get_current_buf()
  if name and name ~= '' then
    choose(source, name)
    return
  end
  execute(source, 'asl.scenarios', {}, function(known)
    if #known.scenarios == 0 then
      vim.notify('asl-lsp: there are no scenarios beside this buffer; :AslCreateScenario makes one', vim.log.levels.INFO)
      return
    end
    local options = {
      prompt = 'Scenario',
      format_item = function(item)
        return item == known.current and item .. ' (simulated now)' or item
      end,
    }
    vim.ui.select(known.scenarios, options, function(chosen)
      if chosen then
        choose(source, chosen)
      end
    end)
  end)
end

--- Makes a first file of scenarios beside the buffer.
function M.create_scenario()
  execute(vim.api.nvim_get_current_buf(), 'asl.createScenario', {}, function(made)
    if not made.isApplied then
      vim.notify('asl-lsp: the file could not be made', vim.log.levels.ERROR)
    end
  end)
end

--- Tests the state around the cursor alone.
function M.test_state(name)
  local source = vim.api.nvim_get_current_buf()
  local function test(state)
    execute(source, 'asl.testState', { state = state }, function(result)
      M.show_test(result)
    end)
  end
  if name and name ~= '' then
    return test(name)
  end
  local client = require('asl_lsp')._client(source)
  if not client then
    return
  end
  local cursor = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  client:request('textDocument/documentSymbol', { textDocument = { uri = vim.uri_from_bufnr(source) } }, function(_, symbols)
    local enclosing = require('asl_lsp')._enclosing(symbols or {}, cursor)[1]
    if enclosing then
      test(enclosing.name)
    else
      vim.notify('asl-lsp: no state here', vim.log.levels.INFO)
    end
  end, source)
end

--- Shows what came of a test of a state.
function M.show_test(result)
  local answer = result.answer
  local lines = { answer.status, '' }
  for _, part in ipairs({ 'error', 'cause', 'nextState', 'output' }) do
    if answer[part] then
      local ok, value = pcall(vim.json.decode, answer[part])
      local text = (part == 'output' and ok) and json.pretty((require('asl_lsp')._without_metadata(value))) or answer[part]
      vim.list_extend(lines, vim.split(part .. ': ' .. text, '\n', { plain = true }))
    end
  end
  vim.lsp.util.open_floating_preview(lines, '', { border = 'rounded', focus_id = 'asl_lsp', title = ' ' .. result.state .. ' alone ' })
end

--- The scenarios that were chosen, by the addresses of state machines: a server that is started again gets them.
M.chosen = {}

--- The server shows another run, or another step of it.
function M.on_simulation(simulation)
  local scenario = text_of(simulation.scenario)
  if scenario and scenario.isChosen then
    M.chosen[simulation.uri] = scenario.name
  end
  local source = vim.uri_to_bufnr(simulation.uri)
  for kind in pairs(open[source] or {}) do
    refresh(source, kind)
  end
end

return M
