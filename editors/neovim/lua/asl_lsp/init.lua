--- What the plugin adds to Neovim's own client: hints and lenses from the start, commands, a server that comes back.

local json = require('asl_lsp.json')

local M = {}

--- Members of a task's result that say nothing of the state machine; they would fill the window.
local METADATA = { 'SdkHttpMetadata', 'SdkResponseMetadata' }

--- Turns on inlay hints and code lenses, unless the user does not want them.
---@param client vim.lsp.Client
---@param buffer integer
function M.on_attach(client, buffer)
  if vim.g.asl_lsp_inlay_hints ~= false and client:supports_method('textDocument/inlayHint', buffer) then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if vim.g.asl_lsp_code_lens ~= false and client:supports_method('textDocument/codeLens', buffer) then
    M._show_lenses(buffer)
  end
end

--- How often a server that was killed is started again.
local RESTARTS_MAX = 4
local restarts = 0

--- Starts the server again when it has ended by itself.
---@param code integer
---@param signal integer
function M.on_exit(code, signal)
  -- 15 is how Neovim itself ends one that does not heed.
  local is_meant = (code == 0 and signal == 0) or signal == 15 or vim.v.exiting ~= vim.NIL
  if is_meant or restarts >= RESTARTS_MAX then
    return
  end
  restarts = restarts + 1
  vim.defer_fn(function()
    if vim.lsp.is_enabled and not vim.lsp.is_enabled('asl_lsp') then
      return
    end
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_is_loaded(buffer) and vim.list_contains({ 'asl', 'asl-yaml' }, vim.bo[buffer].filetype) then
        vim.api.nvim_exec_autocmds('FileType', { group = 'nvim.lsp.enable', buffer = buffer, modeline = false })
      end
    end
  end, 300)
end

--- Simulates the state machine in the current buffer and shows how it ended in a window.
---@param input_text string? JSON; nil or blank for that of the *.input.json beside it
function M.simulate(input_text)
  local buffer = vim.api.nvim_get_current_buf()
  local client = M._client(buffer)
  if not client then
    return
  end

  local argument = { uri = vim.uri_from_bufnr(buffer) }
  if input_text and input_text:match('%S') then
    local ok, input = pcall(vim.json.decode, input_text)
    if not ok then
      vim.notify('asl-lsp: the input is not JSON: ' .. input, vim.log.levels.ERROR)
      return
    end
    argument.input = input
  end

  local params = { command = 'asl.simulate', arguments = { argument } }
  client:request('workspace/executeCommand', params, function(err, result)
    if err then
      vim.notify('asl-lsp: ' .. err.message, vim.log.levels.ERROR)
    elseif type(result) ~= 'table' then
      vim.notify('asl-lsp: the server knows nothing of this buffer', vim.log.levels.ERROR)
    else
      local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':t')
      M._show_result(name, result)
    end
  end, buffer)
end

--- Shows the hover of the state around the cursor, wherever in the state the cursor is.
function M.preview()
  local buffer = vim.api.nvim_get_current_buf()
  local client = M._client(buffer)
  if not client then
    return
  end

  local document = { uri = vim.uri_from_bufnr(buffer) }
  local cursor = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  client:request('textDocument/documentSymbol', { textDocument = document }, function(err, symbols)
    local enclosing = err and {} or M._enclosing(symbols or {}, cursor)
    M._hover_first(client, buffer, document, enclosing)
  end, buffer)
end

--- Returns the server's client, or tells the user that there is none.
function M._client(buffer)
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'asl_lsp' })[1]
  if not client then
    vim.notify('asl-lsp: the server is not attached to this buffer, see :checkhealth asl_lsp', vim.log.levels.WARN)
  end
  return client
end

function M._show_lenses(buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  -- Neovim 0.11 leaves it to its user when to ask for lenses.
  vim.lsp.codelens.refresh({ bufnr = buffer })
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
    group = vim.api.nvim_create_augroup('asl_lsp_lenses_' .. buffer, {}),
    buffer = buffer,
    callback = function()
      vim.lsp.codelens.refresh({ bufnr = buffer })
    end,
  })
end

--- Returns the symbols around a position, innermost first.
function M._enclosing(symbols, position)
  for _, symbol in ipairs(symbols) do
    local first, last = symbol.range.start, symbol.range['end']
    local begins = first.line < position.line or (first.line == position.line and first.character <= position.character)
    local ends = position.line < last.line or (position.line == last.line and position.character <= last.character)
    -- The line that opens a state belongs to the state from its first column on.
    if (begins or first.line == position.line) and ends then
      local found = M._enclosing(symbol.children or {}, position)
      table.insert(found, symbol)
      return found
    end
  end
  return {}
end

--- Shows the first hover that any of the symbols has.
function M._hover_first(client, buffer, document, symbols)
  local symbol = table.remove(symbols, 1)
  if not symbol then
    vim.notify('asl-lsp: no state here', vim.log.levels.INFO)
    return
  end
  local position = symbol.selectionRange.start
  client:request('textDocument/hover', { textDocument = document, position = position }, function(_, hover)
    local lines = hover and hover.contents and vim.lsp.util.convert_input_to_markdown_lines(hover.contents) or {}
    if vim.tbl_isempty(lines) then
      M._hover_first(client, buffer, document, symbols)
    else
      vim.lsp.util.open_floating_preview(lines, 'markdown', { border = 'rounded', focus_id = 'asl_lsp', title = ' ' .. symbol.name .. ' ' })
    end
  end, buffer)
end

--- Opens the window with a simulation's status, output and final tables.
function M._show_result(name, result)
  local lines, headings = M._result_lines(result)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  local namespace = vim.api.nvim_create_namespace('asl_lsp_result')
  for _, line in ipairs(headings) do
    vim.api.nvim_buf_set_extmark(buffer, namespace, line, 0, { end_col = #lines[line + 1], hl_group = 'Title' })
  end

  local width = 40
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line) + 1)
  end
  width = math.min(width, math.floor(vim.o.columns * 0.9))
  local height = math.min(#lines, math.floor(vim.o.lines * 0.8))
  vim.api.nvim_open_win(buffer, true, {
    relative = 'editor',
    width = width,
    height = height,
    row = math.floor((vim.o.lines - height) / 2) - 1,
    col = math.floor((vim.o.columns - width) / 2),
    style = 'minimal',
    border = 'rounded',
    title = ' ' .. name .. ' ',
    footer = ' q closes ',
    footer_pos = 'right',
  })
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, '<Cmd>close<CR>', { buffer = buffer, nowait = true })
  end
end

--- Returns a value without what AWS's SDK adds to every answer, and how often it did.
function M._without_metadata(value)
  if type(value) ~= 'table' or vim.tbl_isempty(value) then
    return value, 0
  end
  local kept, n_left_out = vim.islist(value) and {} or vim.empty_dict(), 0
  for key, member in pairs(value) do
    if vim.list_contains(METADATA, key) then
      n_left_out = n_left_out + 1
    else
      local inner, n_inner = M._without_metadata(member)
      kept[key] = inner
      n_left_out = n_left_out + n_inner
    end
  end
  return kept, n_left_out
end

--- Returns the lines of the result window, and which of them (from 0) are headings.
function M._result_lines(result)
  local lines, headings = {}, {}
  local function heading(text)
    if #lines > 0 then
      table.insert(lines, '')
    end
    table.insert(headings, #lines)
    table.insert(lines, text)
  end
  local function text(value)
    vim.list_extend(lines, vim.split(value, '\n', { plain = true }))
  end

  heading(result.status)
  local blocked = type(result.blocked) == 'table' and result.blocked or {}
  for _, detail in ipairs({ result.error or '', result.cause or '', blocked.state or '', blocked.reason or '' }) do
    if type(detail) == 'string' and detail ~= '' then
      text(detail)
    end
  end
  if result.output ~= nil and result.output ~= vim.NIL then
    heading('Output')
    local output, n_left_out = M._without_metadata(result.output)
    text(json.pretty(output))
    if n_left_out > 0 then
      text('without ' .. table.concat(METADATA, ' and '))
    end
  end
  local tables = type(result.tables) == 'table' and result.tables or {}
  for _, name in ipairs(json.sorted_keys(tables)) do
    heading('Table ' .. name)
    vim.list_extend(lines, json.item_rows(tables[name].Items))
  end
  return lines, headings
end

return M
