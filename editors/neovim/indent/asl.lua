vim.cmd.runtime({ 'indent/json.vim', bang = true })
