vim.cmd.runtime({ 'syntax/json.vim', bang = true })
