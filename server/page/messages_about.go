package page

var aboutMessages = map[string]message{}

var digestMessages = map[string]message{}
