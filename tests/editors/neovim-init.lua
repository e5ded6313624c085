-- The configuration of a user who has the plugin and nothing else.

vim.opt.swapfile = false
vim.opt.runtimepath:append(vim.env.ASL_TEST_PLUGIN)
vim.lsp.config('asl_lsp', { cmd = { vim.env.ASL_TEST_SERVER, 'server' } })
vim.lsp.enable('asl_lsp')
