-- What a user of Neovim gets from plugin and server together. Run by neovim.sh.

local passed, failed = 0, 0
local report = assert(io.open(vim.env.ASL_TEST_REPORT, 'w'))

vim.cmd.edit(vim.env.ASL_TEST_MACHINE)
local buffer = vim.api.nvim_get_current_buf()
local original = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)

--- Runs one check; what it did to the text is undone.
local function check(name, body)
  local start = vim.uv.hrtime()
  local ok, problem = xpcall(body, debug.traceback)
  if not vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), original) then
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, original)
  end
  local ms = math.floor((vim.uv.hrtime() - start) / 1e6)
  if ok then
    passed = passed + 1
    report:write(('ok    %s (%d ms)\n'):format(name, ms))
  else
    failed = failed + 1
    report:write(('FAIL  %s (%d ms)\n      %s\n'):format(name, ms, (tostring(problem):gsub('\n', '\n      '))))
  end
end

local function assert_equal(seen, expected)
  assert(vim.deep_equal(seen, expected), ('seen: %s\nexpected: %s'):format(vim.inspect(seen), vim.inspect(expected)))
end

local function assert_match(text, pattern)
  assert((text or ''):find(pattern), ('no %s in:\n%s'):format(pattern, text))
end

--- Waits until `condition` holds; `seen` is asked what there is instead when it does not.
local function eventually(what, condition, seen)
  if not vim.wait(8000, condition, 20) then
    error(what .. ' did not come about' .. (seen and ('; there is: ' .. vim.inspect(seen())) or ''))
  end
end

--- The place of `text` in the buffer, as line and column from 0.
local function find(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local column = line:find(text, 1, true)
    if column then
      return number - 1, column - 1
    end
  end
  error('no ' .. text .. ' in the buffer')
end

local function client()
  return vim.lsp.get_clients({ bufnr = buffer, name = 'asl_lsp' })[1]
end

local function request(method, params)
  params.textDocument = { uri = vim.uri_from_bufnr(buffer) }
  local answer = assert(client():request_sync(method, params, 5000, buffer))
  assert(not answer.err, vim.inspect(answer.err))
  return answer.result
end

local function hint_on(state)
  local line = find(('"%s": {'):format(state))
  local range = { start = { line = line, character = 0 }, ['end'] = { line = line + 1, character = 0 } }
  local hint = vim.lsp.inlay_hint.get({ bufnr = buffer, range = range })[1]
  if not hint then
    return nil
  end
  local label = hint.inlay_hint.label
  if type(label) == 'string' then
    return label
  end
  return table.concat(vim.tbl_map(function(part)
    return part.value
  end, label))
end

--- All virtual text that the namespaces with this in their name have put into the buffer.
local function drawn(namespace_part)
  local texts = {}
  for name, namespace in pairs(vim.api.nvim_get_namespaces()) do
    if name:find(namespace_part, 1, true) then
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true })) do
        local chunks = vim.list_extend({}, mark[4].virt_text or {})
        for _, line in ipairs(mark[4].virt_lines or {}) do
          vim.list_extend(chunks, line)
        end
        for _, chunk in ipairs(chunks) do
          table.insert(texts, chunk[1])
        end
      end
    end
  end
  return table.concat(texts, ' ')
end

local function floats()
  return vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_config(window).relative ~= ''
  end, vim.api.nvim_list_wins())
end

--- The text of the floating window that opens, which is then closed.
local function float_text(close)
  eventually('a floating window', function()
    return #floats() == 1
  end)
  local window = floats()[1]
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  if close then
    close()
  else
    vim.api.nvim_win_close(window, true)
  end
  assert_equal(#floats(), 0)
  return text
end

--- Whether a Markdown table has a row of these cells, which may be code or emphasised.
local function has_row(text, ...)
  local wanted = { ... }
  for line in text:gmatch('[^\n]+') do
    local cells = vim.tbl_map(function(cell)
      return (cell:gsub('[%s`*_"]', ''))
    end, vim.split(line, '|', { plain = true, trimempty = true }))
    if vim.deep_equal(cells, wanted) then
      return true
    end
  end
  return false
end

local function errors()
  return vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR })
end

check('*.asl.json is a state machine', function()
  assert_equal(vim.bo[buffer].filetype, 'asl')
  assert_equal(vim.filetype.match({ filename = 'machine.asl' }), 'asl')
  assert_equal(vim.filetype.match({ filename = 'package.json' }), 'json')
  assert_equal(vim.bo[buffer].shiftwidth, 2)
end)

check('the server attaches', function()
  eventually('a client', function()
    return client() ~= nil
  end)
end)

check('the output of each state is known behind its name', function()
  eventually('hints', function()
    return hint_on('SaveOrder') and (hint_on('GetOrder') or ''):find('OrderId.*001')
  end, function()
    return { hint_on('SaveOrder'), hint_on('GetOrder') }
  end)
end)

check('and is drawn there', function()
  eventually('virtual text', function()
    vim.cmd('redraw!')
    return drawn('inlayhint'):find('OrderId')
  end, function()
    return drawn('inlayhint')
  end)
end)

check('the lens above StartAt tells how the simulation ended', function()
  eventually('a lens', function()
    vim.cmd('redraw!')
    return drawn('codelens'):find('Simulate.*SUCCEEDED')
  end, function()
    return drawn('codelens')
  end)
end)

check('the lens simulates', function()
  local ran = false
  local handler = client().handlers['workspace/executeCommand']
  client().handlers['workspace/executeCommand'] = function(err, result)
    assert(not err, vim.inspect(err))
    ran = result.status
  end
  vim.api.nvim_win_set_cursor(0, { find('"StartAt"') + 1, 0 })
  local select = vim.ui.select
  vim.ui.select = function(items, options, choose)
    assert_match(options.format_item(items[1]), 'Simulate')
    choose(items[1], 1)
  end
  vim.lsp.codelens.run()
  eventually('a result', function()
    return ran == 'SUCCEEDED'
  end)
  vim.ui.select = select
  client().handlers['workspace/executeCommand'] = handler
end)

check('the hover shows the item that was read as a table', function()
  local line, column = find('"GetOrder": {')
  local hover = request('textDocument/hover', { position = { line = line, character = column + 3 } })
  local text = table.concat(vim.lsp.util.convert_input_to_markdown_lines(hover.contents), '\n')
  assert(has_row(text, 'OrderId', 'S', '001'), text)
  assert(has_row(text, 'Status', 'S', 'Created'), text)
end)

check(':AslPreview shows it from anywhere in the state', function()
  local line = find('"GetOrder": {')
  for _, cursor in ipairs({ { line + 1, 0 }, { line + 2, 8 } }) do
    vim.api.nvim_win_set_cursor(0, cursor)
    vim.cmd.AslPreview()
    assert_match(float_text(), 'OrderId.*001')
  end
end)

check(':AslSimulate shows status, output and tables until q is pressed', function()
  vim.cmd.AslSimulate()
  local text = float_text(function()
    assert_equal(vim.api.nvim_win_get_config(0).relative, 'editor')
    vim.api.nvim_feedkeys('q', 'x', false)
  end)
  assert_match(text, '^SUCCEEDED')
  assert_match(text, 'Output\n.*OrderId.*001')
  assert_match(text, 'Table Orders\n.*OrderId.*Status.*\n.*001.*Created')
end)

check(':AslSimulate takes an input', function()
  vim.cmd('AslSimulate {"orderId": "001", "note": "a | b"}')
  assert_match(float_text(), '^SUCCEEDED')
end)

check(':AslSimulate says when the input is not JSON', function()
  local said
  local notify = vim.notify
  vim.notify = function(message)
    said = message
  end
  vim.cmd('AslSimulate {"orderId":')
  vim.notify = notify
  assert_match(said, 'not JSON')
  assert_equal(#floats(), 0)
end)

check('a transition to a missing state is marked until it is mended', function()
  eventually('a clean start', function()
    return #errors() == 0
  end, errors)
  local line, column = find('"Next": "GetOrder"')
  column = column + #'"Next": "'
  vim.api.nvim_buf_set_text(buffer, line, column, line, column + #'GetOrder', { 'Missing' })
  local function on_this_line()
    return vim.tbl_filter(function(diagnostic)
      return diagnostic.lnum == line
    end, errors())
  end
  eventually('an error', function()
    return #on_this_line() == 1
  end, errors)
  local found = on_this_line()[1]
  assert_match(found.message, 'Missing')
  local marked = vim.api.nvim_buf_get_text(buffer, found.lnum, found.col, found.end_lnum, found.end_col, {})[1]
  assert(marked == 'Missing' or marked == '"Missing"', marked)
  vim.api.nvim_buf_set_text(buffer, line, column, line, column + #'Missing', { 'GetOrder' })
  eventually('no error', function()
    return #errors() == 0
  end, errors)
end)

check('the names of states are offered after Next', function()
  local line, column = find('"Next": "GetOrder"')
  column = column + #'"Next": "'
  vim.api.nvim_buf_set_text(buffer, line, column, line, column + #'GetOrder', { '' })
  local answer = request('textDocument/completion', {
    position = { line = line, character = column },
    context = { triggerKind = 2, triggerCharacter = '"' },
  })
  local labels = vim.tbl_map(function(item)
    return (item.label:gsub('"', ''))
  end, answer.items or answer)
  assert(vim.list_contains(labels, 'GetOrder'), vim.inspect(labels))
end)

check('a transition leads to its state', function()
  local line, column = find('"Next": "GetOrder"')
  vim.api.nvim_win_set_cursor(0, { line + 1, column + #'"Next": "' })
  vim.lsp.buf.definition()
  local target = find('"GetOrder": {')
  eventually('the jump', function()
    return vim.api.nvim_win_get_cursor(0)[1] == target + 1
  end)
end)

check(':checkhealth has no complaints', function()
  vim.cmd('checkhealth asl_lsp')
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  vim.cmd.bwipeout()
  assert_match(text, 'asl%-lsp %d+%.%d+')
  assert_match(text, 'the server runs')
  assert(not text:find('ERROR') and not text:find('WARNING'), text)
end)

check('the manual is found', function()
  vim.cmd.helptags(vim.env.ASL_TEST_PLUGIN .. '/doc')
  vim.cmd.help(':AslSimulate')
  assert_match(vim.api.nvim_buf_get_name(0), 'asl%-lsp%.txt$')
  vim.cmd.helpclose()
end)

check('state machines in YAML are simulated too', function()
  local other = vim.fn.tempname() .. '.asl.yaml'
  vim.fn.writefile({
    'StartAt: Greet', 'States:', '  Greet: # says hello', '    Type: Pass', '    Result: { hello: world }', '    End: true',
  }, other)
  vim.cmd.edit(other)
  local number = vim.api.nvim_get_current_buf()
  assert_equal(vim.bo.filetype, 'asl-yaml')
  eventually('a hint', function()
    local hint = vim.lsp.inlay_hint.get({ bufnr = number })[1]
    return hint and vim.inspect(hint):find('world')
  end)
  vim.cmd.bwipeout({ bang = true })
end)

--- The text of the buffer that shows a view.
local function view_text(suffix)
  for _, number in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(number):find(' ' .. suffix .. '$') then
      return table.concat(vim.api.nvim_buf_get_lines(number, 0, -1, false), '\n'), number
    end
  end
end

check(':AslTables and :AslHistory show the run, step by step', function()
  vim.cmd.AslTables()
  vim.cmd.AslHistory()
  eventually('both views', function()
    return (view_text('tables') or ''):find('001 +│ Created') and (view_text('history') or ''):find('ExecutionSucceeded')
  end, function()
    return { view_text('tables'), view_text('history') }
  end)
  vim.cmd.AslStep('first')
  eventually('the first step', function()
    return not view_text('history'):find('ExecutionSucceeded') and view_text('tables'):find('+ Orders') and not hint_on('GetOrder')
  end, function()
    return { view_text('history'), view_text('tables') }
  end)
  vim.cmd.AslStep()
  eventually('the end', function()
    return view_text('history'):find('ExecutionSucceeded') and hint_on('GetOrder')
  end)
end)

check('an event leads to its state', function()
  local text, number = view_text('history')
  local window = vim.fn.win_findbuf(number)[1]
  vim.api.nvim_set_current_win(window)
  for line, content in ipairs(vim.split(text, '\n')) do
    if content:find('TaskStateEntered +GetOrder') then
      vim.api.nvim_win_set_cursor(window, { line, 0 })
    end
  end
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'x', false)
  assert_equal(vim.api.nvim_get_current_buf(), buffer)
  assert_equal(vim.api.nvim_win_get_cursor(0)[1] - 1, (find('"GetOrder": {')))
end)

check(':AslGraph shows the path of the run', function()
  vim.cmd.AslGraph()
  eventually('a flowchart', function()
    return (view_text('graph') or ''):find('flowchart.*GetOrder.*SaveOrder')
  end, function()
    return { view_text('graph') }
  end)
  vim.cmd.only()
end)

check(':AslTestState tests the state under the cursor', function()
  vim.api.nvim_win_set_cursor(0, { find('"GetOrder": {') + 2, 0 })
  vim.cmd.AslTestState()
  assert_match(float_text(), '^SUCCEEDED.*OrderId.*001')
end)

check('a scenario is picked, and kept when the server is killed', function()
  vim.cmd.edit(vim.env.ASL_TEST_STOCK .. '/inventory.asl.json')
  local number = vim.api.nvim_get_current_buf()
  local function server()
    return vim.lsp.get_clients({ bufnr = number, name = 'asl_lsp' })[1]
  end
  local function current()
    local answer = server() and server():request_sync('workspace/executeCommand', {
      command = 'asl.simulation', arguments = { { uri = vim.uri_from_bufnr(number) } },
    }, 5000, number)
    return answer and answer.result and answer.result.scenario and answer.result.scenario.name
  end
  eventually('the first scenario', function()
    return current() == 'enough in stock'
  end)
  local select = vim.ui.select
  vim.ui.select = function(items, _, choose)
    assert_equal(items, { 'enough in stock', 'sold out', 'one left' })
    choose('sold out')
  end
  vim.cmd.AslScenario()
  eventually('the other', function()
    return current() == 'sold out'
  end)
  vim.ui.select = select
  local killed = server()
  vim.uv.kill(vim.fn.systemlist({ 'pgrep', '-P', tostring(vim.fn.getpid()), '-f', 'asl-lsp server' })[1] + 0, 'sigkill')
  eventually('another server', function()
    return server() and server().id ~= killed.id and current() == 'sold out'
  end)
  vim.cmd.bwipeout({ bang = true })
  vim.cmd.buffer(buffer)
  eventually('hints', function()
    return hint_on('GetOrder')
  end)
end)

check(':AslCreateScenario makes a file', function()
  local other = vim.fn.tempname() .. '.asl.json'
  vim.fn.writefile({ '{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.order", "End": true}}}' }, other)
  vim.cmd.edit(other)
  local number = vim.api.nvim_get_current_buf()
  eventually('a client', function()
    return #vim.lsp.get_clients({ bufnr = number, name = 'asl_lsp' }) == 1
  end)
  vim.cmd.AslCreateScenario()
  local made = other:gsub('%.asl%.json$', '.scenarios.json')
  eventually('the file', function()
    local created = vim.fn.bufnr(made)
    return created > 0 and table.concat(vim.api.nvim_buf_get_lines(created, 0, -1, false)):find('"order": "order%-1"')
  end)
  vim.cmd.bwipeout({ made, bang = true })
  vim.cmd.bwipeout({ number, bang = true })
  vim.cmd.buffer(buffer)
end)

check(':AslTest fills the quickfix list at the states', function()
  vim.cmd.AslTest(vim.env.ASL_TEST_STOCK .. '/inventory.scenarios.json')
  eventually('an entry', function()
    return #vim.fn.getqflist() == 1
  end)
  local found = vim.fn.getqflist()[1]
  assert_match(found.text, '^one left: output.stock.left: expected 2, actual 1$')
  assert_match(vim.api.nvim_buf_get_name(found.bufnr), 'inventory%.asl%.json$')
  assert_match(vim.fn.readfile(vim.api.nvim_buf_get_name(found.bufnr))[found.lnum], '"Reserved"')
  assert_equal(vim.bo.filetype, 'qf')
  vim.cmd.cclose()
end)

check('hints and lenses stay away when they are not wanted', function()
  vim.g.asl_lsp_inlay_hints = false
  vim.g.asl_lsp_code_lens = false
  local other = vim.fn.tempname() .. '.asl.json'
  vim.fn.writefile(vim.fn.readfile(vim.env.ASL_TEST_MACHINE), other)
  vim.cmd.edit(other)
  local number = vim.api.nvim_get_current_buf()
  eventually('a client', function()
    return #vim.lsp.get_clients({ bufnr = number, name = 'asl_lsp' }) == 1
  end)
  assert(not vim.lsp.inlay_hint.is_enabled({ bufnr = number }))
  assert(not vim.lsp.codelens.is_enabled({ bufnr = number }))
  vim.cmd.bwipeout({ bang = true })
end)

check('the server ends when it is stopped', function()
  local stopping = client()
  stopping:stop()
  eventually('its end', function()
    return stopping:is_stopped()
  end)
end)

report:write(('%d passed, %d failed\n'):format(passed, failed))
report:close()
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
