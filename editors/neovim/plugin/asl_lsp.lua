if vim.g.loaded_asl_lsp then
  return
end
vim.g.loaded_asl_lsp = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('asl-lsp needs Neovim 0.11 or newer', vim.log.levels.ERROR)
  return
end

vim.treesitter.language.register('json', 'asl')
vim.treesitter.language.register('yaml', 'asl-yaml')

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('asl_lsp', {}),
  desc = 'Show what the simulation made of each state',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'asl_lsp' then
      require('asl_lsp').on_attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('AslSimulate', function(command)
  require('asl_lsp').simulate(command.args)
end, { nargs = '?', desc = 'Simulate the state machine, with this JSON as input if any is given' })

vim.api.nvim_create_user_command('AslPreview', function()
  require('asl_lsp').preview()
end, { desc = 'Show what the simulation made of the state under the cursor' })

vim.api.nvim_create_user_command('AslTest', function(command)
  require('asl_lsp.test').run(command.args)
end, { nargs = '?', complete = 'file', desc = 'Run the scenarios of the state machine, or of a file or folder' })

vim.api.nvim_create_user_command('AslScenario', function(command)
  require('asl_lsp.views').pick_scenario(command.args)
end, { nargs = '?', desc = 'Pick the scenario to simulate with' })

vim.api.nvim_create_user_command('AslCreateScenario', function()
  require('asl_lsp.views').create_scenario()
end, { desc = 'Make a first file of scenarios beside the state machine' })

vim.api.nvim_create_user_command('AslStep', function(command)
  require('asl_lsp.views').step(command.args)
end, {
  nargs = '?',
  complete = function()
    return { 'first', 'previous', 'next', 'last' }
  end,
  desc = 'Go to a step of the run: first, previous, next, last or a number',
})

for name, kind in pairs({ AslTables = 'tables', AslHistory = 'history', AslGraph = 'graph' }) do
  vim.api.nvim_create_user_command(name, function()
    require('asl_lsp.views').open(kind)
  end, { desc = ('Show the %s of the run beside the state machine'):format(kind) })
end

vim.api.nvim_create_user_command('AslTestState', function(command)
  require('asl_lsp.views').test_state(command.args)
end, { nargs = '?', desc = 'Test the state under the cursor alone, with the input of the last run' })
