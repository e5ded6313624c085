--- The debugger, for nvim-dap: `require('asl_lsp.dap').setup()`.

local M = {}

--- The path of a file beside a definition, `order.input.json` for `order.asl.json`; nil if there is none.
local function companion(program, part)
  local stem = program:match('^(.*)%.asl%.json$') or program:match('^(.*)%.asl%.ya?ml$') or program:match('^(.*)%.asl$')
  local path = stem and (stem .. '.' .. part .. '.json')
  return path and vim.uv.fs_stat(path) and path or nil
end

--- A launch configuration for a definition, with the input and tables beside it.
---@param program string? the definition; nil for the current buffer's
---@return table
function M.configuration(program)
  program = program or vim.api.nvim_buf_get_name(0)
  return {
    type = 'asl',
    request = 'launch',
    name = 'Debug State Machine',
    program = program,
    input = companion(program, 'input'),
    tables = companion(program, 'tables'),
    stopOnEntry = true,
  }
end

--- Makes the debugger known to nvim-dap.
---@param options { command: string? }? the program, `asl-lsp` if nil
function M.setup(options)
  local dap = require('dap')
  local command = options and options.command or 'asl-lsp'
  dap.adapters.asl = { type = 'executable', command = command, args = { 'dap' } }
  dap.configurations.asl = {
    {
      type = 'asl',
      request = 'launch',
      name = 'Debug State Machine',
      -- nvim-dap calls functions when the session starts.
      program = function() return vim.api.nvim_buf_get_name(0) end,
      input = function() return M.configuration().input or vim.empty_dict() end,
      tables = function() return M.configuration().tables or {} end,
      stopOnEntry = true,
    },
  }
end

return M
