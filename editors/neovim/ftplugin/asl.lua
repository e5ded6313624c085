-- State machines are JSON, in colours as well: by the tree-sitter parser where there is one, else by
-- syntax/asl.lua.

vim.cmd.runtime({ 'ftplugin/json.vim', bang = true })
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
vim.b.undo_ftplugin = (vim.b.undo_ftplugin or '') .. ' | setlocal expandtab< shiftwidth< softtabstop<'

if vim.treesitter.language.add('json') then
  vim.treesitter.start(0, 'json')
end
