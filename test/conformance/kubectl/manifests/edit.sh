#!/bin/sh
# An editor that one does not see: writes 3 where there was 2.
sed -i 's/"2"/"3"/; s/: 2$/: 3/' "$1"
