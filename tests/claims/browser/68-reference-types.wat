(module (func (param externref) (result externref) local.get 0))
