package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct {
	JSON bool `name:"json" help:"Print as JSON."`
}

// Run prints the version, the commit it was built from and the Go release.
func (c *versionCmd) Run(con console) error {
	v := struct {
		Version string `json:"version"`
		Commit  string `json:"commit,omitempty"`
		Go      string `json:"go"`
	}{Version: version, Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Commit = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(con.Out).Encode(v)
	}
	_, err := fmt.Fprintf(con.Out, "caravan %s %s %s\n", v.Version, v.Commit, v.Go)
	return err
}
