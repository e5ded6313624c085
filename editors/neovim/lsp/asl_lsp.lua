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
    params.initializationOptions = vim.tbl_get(config, 'settings', 'asl-lsp')
  end,
}
