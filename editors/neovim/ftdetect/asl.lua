vim.filetype.add({
  extension = { asl = 'asl' },
  -- Neovim itself goes by the last extension only and takes these for plain JSON and YAML.
  pattern = { ['.*%.asl%.json'] = 'asl', ['.*%.asl%.ya?ml'] = 'asl-yaml' },
})
