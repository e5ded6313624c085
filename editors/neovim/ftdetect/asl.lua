vim.filetype.add({
  extension = { asl = 'asl' },
  -- Neovim itself goes by the last extension only and takes these for plain JSON.
  pattern = { ['.*%.asl%.json'] = 'asl' },
})
