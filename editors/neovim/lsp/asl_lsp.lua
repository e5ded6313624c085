-- Configuration of the server for `vim.lsp.enable('asl_lsp')`; see :help asl-lsp-settings.

---@type vim.lsp.Config
return {
  cmd = { 'asl-lsp', 'server' },
  filetypes = { 'asl', 'asl-yaml', 'json', 'yaml' },
  -- Of JSON and YAML, only the files of scenarios are the server's.
  root_dir = function(buffer, on_dir)
    local name = vim.api.nvim_buf_get_name(buffer)
    local is_definition = vim.startswith(vim.bo[buffer].filetype, 'asl')
    if is_definition or name:match('%.scenarios%.json$') or name:match('%.scenarios%.ya?ml$') then
      on_dir(vim.fs.root(buffer, '.git'))
    end
  end,
  settings = { ['asl-lsp'] = vim.empty_dict() },
  -- The server reads the same settings before its first request and when they change.
  before_init = function(params, config)
    local options = vim.tbl_extend('force', {}, vim.tbl_get(config, 'settings', 'asl-lsp') or {})
    -- Not from the settings, which plugins fill from files of the workspace.
    options.dynamodbEndpoint = vim.g.asl_lsp_dynamodb_endpoint
    options.dynamodbAllowWrites = vim.g.asl_lsp_dynamodb_allow_writes
    options.scenarios = vim.tbl_extend('force', vim.empty_dict(), require('asl_lsp.views').chosen)
    params.initializationOptions = options
  end,
  -- Told of each run, the views follow it.
  capabilities = { experimental = { asl = { simulation = true } } },
  handlers = {
    ['asl/simulation'] = function(_, simulation)
      require('asl_lsp.views').on_simulation(simulation)
    end,
  },
  commands = {
    ['asl.testState'] = function(command, context)
      require('asl_lsp.views').execute(context.bufnr, 'asl.testState', command.arguments[1], function(result)
        require('asl_lsp.views').show_test(result)
      end)
    end,
  },
  -- A server that was killed is started again, a few times at most.
  on_exit = function(code, signal)
    require('asl_lsp').on_exit(code, signal)
  end,
}
