--- :checkhealth asl_lsp

local M = {}

function M.check()
  local health = vim.health
  health.start('asl-lsp')

  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim is older than 0.11')
    return
  end
  if vim.fn.has('nvim-0.12') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()))
  else
    health.ok('Neovim ' .. tostring(vim.version()) .. '; from 0.12 on, code lenses follow your typing')
  end

  local config = vim.lsp.config.asl_lsp
  if not config then
    health.error('lsp/asl_lsp.lua is not found', 'Add the folder editors/neovim to the runtimepath')
    return
  end
  M._check_server(config.cmd)

  local attached = vim.lsp.get_clients({ name = 'asl_lsp' })
  if #attached > 0 then
    health.ok('the server runs, for ' .. vim.tbl_count(attached[1].attached_buffers) .. ' buffers')
  elseif vim.lsp.is_enabled and not vim.lsp.is_enabled('asl_lsp') then
    health.warn('the server is not enabled', "Add vim.lsp.enable('asl_lsp') to your configuration")
  else
    health.info('the server does not run; it starts with the first state machine you open')
  end

  local filetype = vim.filetype.match({ filename = 'order.asl.json' })
  if filetype == 'asl' then
    health.ok('*.asl.json is recognised')
  else
    health.error(('*.asl.json is taken for %s'):format(filetype or 'nothing'), 'See :help asl-lsp-install')
  end

  if vim.treesitter.language.add('json') then
    health.ok('the tree-sitter parser for JSON is there')
  else
    health.info('no tree-sitter parser for JSON; colours come from the syntax file')
  end
end

function M._check_server(cmd)
  if type(cmd) ~= 'table' then
    vim.health.info('the server is started by a function of your own')
    return
  end
  if vim.fn.executable(cmd[1]) == 0 then
    vim.health.error(('%s is not executable'):format(cmd[1]), {
      'Install asl-lsp and see that it is on PATH, or',
      "vim.lsp.config('asl_lsp', { cmd = { '/path/to/asl-lsp', 'server' } })",
    })
    return
  end
  local ok, answer = pcall(function()
    return vim.system({ cmd[1], '--version' }, { text = true, timeout = 10000 }):wait()
  end)
  if ok and answer.code == 0 then
    vim.health.ok(('%s (%s)'):format(vim.trim(answer.stdout), vim.fn.exepath(cmd[1])))
  else
    vim.health.error(('%s --version fails'):format(cmd[1]), ok and vim.trim(answer.stderr) or answer)
  end
end

return M
