--- JSON values as lines of text. Objects come out with their names in order, as Lua's tables have none
--- of their own.

local M = {}

--- How long a line may be, in bytes, that holds more than one member.
local LINE_MAX = 76

---@param object table
---@return string[]
function M.sorted_keys(object)
  local keys = vim.tbl_keys(object)
  table.sort(keys, function(a, b)
    return tostring(a) < tostring(b)
  end)
  return keys
end

--- Renders a value as `vim.json.decode` returns it: on one line what fits there, and else a line per
--- member, indented by two spaces.
---@return string
function M.pretty(value, indent)
  indent = indent or ''
  local line = M._line(value)
  if #indent + #line <= LINE_MAX or type(value) ~= 'table' then
    return line
  end
  local inner = indent .. '  '
  local open, members, close = M._parts(value, function(member)
    return M.pretty(member, inner)
  end)
  return open .. '\n' .. inner .. table.concat(members, ',\n' .. inner) .. '\n' .. indent .. close
end

--- Renders the items of a table, in DynamoDB's JSON, as rows under their attributes' names.
---@param items table[]
---@return string[]
function M.item_rows(items)
  if vim.tbl_isempty(items) then
    return { 'no items' }
  end

  local attributes = {}
  for _, item in ipairs(items) do
    attributes = vim.tbl_extend('keep', attributes, item)
  end
  local names = M.sorted_keys(attributes)

  local rows, widths = { names }, {}
  for _, item in ipairs(items) do
    table.insert(rows, vim.tbl_map(function(name)
      return item[name] and M._cell(item[name]) or ''
    end, names))
  end
  for _, row in ipairs(rows) do
    for column, cell in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, vim.fn.strdisplaywidth(cell))
    end
  end

  local lines = vim.tbl_map(function(row)
    local cells = {}
    for column, cell in ipairs(row) do
      cells[column] = cell .. (' '):rep(widths[column] - vim.fn.strdisplaywidth(cell))
    end
    return (table.concat(cells, ' │ '):gsub('%s+$', ''))
  end, rows)
  local rule = vim.tbl_map(function(width)
    return ('─'):rep(width)
  end, widths)
  table.insert(lines, 2, table.concat(rule, '─┼─'))
  return lines
end

--- A value on one line.
function M._line(value)
  if type(value) ~= 'table' or vim.tbl_isempty(value) then
    return vim.json.encode(value)
  end
  local open, members, close = M._parts(value, M._line)
  return open .. table.concat(members, ', ') .. close
end

--- The members of a list or an object, rendered, and what goes around them.
function M._parts(value, render)
  if vim.islist(value) then
    return '[', vim.tbl_map(render, value), ']'
  end
  local members = vim.tbl_map(function(key)
    return vim.json.encode(key) .. ': ' .. render(value[key])
  end, M.sorted_keys(value))
  return '{', members, '}'
end

--- A string is shown bare and everything else as it is in DynamoDB's JSON, with its type.
function M._cell(attribute_value)
  if type(attribute_value) == 'table' and type(attribute_value.S) == 'string' then
    return (attribute_value.S:gsub('\n', '\\n'))
  end
  return M._line(attribute_value)
end

return M
