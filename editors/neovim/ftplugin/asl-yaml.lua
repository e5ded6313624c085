-- State machines in YAML, in colours as well: by the tree-sitter parser where there is one, else by
-- syntax/asl-yaml.lua.

vim.cmd.runtime({ 'ftplugin/yaml.vim', bang = true })
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
vim.b.undo_ftplugin = (vim.b.undo_ftplugin or '') .. ' | setlocal expandtab< shiftwidth< softtabstop<'

if vim.treesitter.language.add('yaml') then
  vim.treesitter.start(0, 'yaml')
end
