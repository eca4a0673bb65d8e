#!/bin/sh
# What is tested is a copy of the library in each of three folders. This builds it where its sources are newer than what was built,
# and copies what was built, as `install-links` does only once.
set -e
cd "$(dirname "$0")"

built=../../dist/index.js
sources='../../src ../../package.json ../../package-lock.json ../../tsdown.config.ts'
if [ ! -e $built ] || [ -n "$(find $sources -newer $built)" ]; then
  # What is saved while it builds is newer than what was built.
  begun="$(mktemp)"
  (cd ../.. && npm run build) || {
    rm -f $built "$begun"
    exit 1
  }
  touch -r "$begun" $built
  rm "$begun"
fi

folders='. angular20 angular22'
for folder in $folders; do
  if [ ! -d "$folder/node_modules/rxjs-llm-stream" ]; then
    npm run packages
    break
  fi
done
for folder in $folders; do
  copy="$folder/node_modules/rxjs-llm-stream"
  # Where it is a link, the link alone goes.
  rm -rf "$copy"
  mkdir "$copy"
  cp -r ../../dist ../../package.json "$copy/"
done
