-- Configuration of the server for `vim.lsp.enable('asl_lsp')`; see :help asl-lsp-settings.

---@type vim.lsp.Config
return {
  cmd = { 'asl-lsp', 'server' },
  filetypes = { 'asl', 'asl-yaml' },
  root_markers = { '.git' },
  settings = { ['asl-lsp'] = vim.empty_dict() },
  -- The server reads the same settings before its first request and when they change.
  before_init = function(params, config)
    params.initializationOptions = vim.tbl_get(config, 'settings', 'asl-lsp')
  end,
}
