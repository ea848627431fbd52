#!/bin/sh
# Sharpens a map through the daemon: connect, upload, sharpen, download.
#
#   examples/shell/sharpen.sh HALF1 HALF2 REFERENCE MASK OUT
#
# Voxels go by HTTP with curl, control by `locscale call`. LOCSCALE names the program (default: npx locscale).
set -eu

if [ $# -ne 5 ]; then
  echo "usage: sharpen.sh HALF1 HALF2 REFERENCE MASK OUT" >&2
  exit 2
fi
locscale=${LOCSCALE:-npx locscale}

# member NAME: prints a member of the JSON object on standard input, e.g. `member outputs.sharpened`.
member() {
  node -e 'let v = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const k of process.argv[1].split(".")) v = v?.[k];
    console.log(v ?? "")' "$1"
}

# Connect: starts the daemon when none runs, and says where it is.
connection=$($locscale daemon start --json)
url=$(echo "$connection" | member url)
token_file=$(echo "$connection" | member tokenFile)

# The token goes to curl by its standard input: other users can read arguments in the list of processes.
with_token() {
  printf 'header = "Authorization: Bearer %s"\n' "$(cat "$token_file")" | curl --config - --silent --show-error --fail-with-body "$@"
}

# Upload: plain, .gz and .bz2 maps alike.
upload() {
  with_token --upload-file "$1" --header 'Content-Type: application/x-mrc' "$url/volumes?name=$2" | member id
}
half1=$(upload "$1" half1)
half2=$(upload "$2" half2)
reference=$(upload "$3" reference)
mask=$(upload "$4" mask)

# Sharpen.
job=$($locscale call job.submit "{\"recipe\":\"reference-map\",\"inputs\":{\"halfMaps\":[\"$half1\",\"$half2\"],
  \"reference\":\"$reference\",\"mask\":\"$mask\"}}" | member id)
while :; do
  now=$($locscale call job.get "{\"job\":\"$job\"}")
  case $(echo "$now" | member state) in
    queued | running) sleep 1 ;;
    done) break ;;
    *) echo "$now" | member error.message >&2; exit 1 ;;
  esac
done
sharpened=$(echo "$now" | member outputs.sharpened)

# Download, and give back what the daemon holds.
with_token --output "$5" "$url/volumes/$sharpened?format=mrc"
for volume in "$half1" "$half2" "$reference" "$mask" "$sharpened"; do
  $locscale call volume.close "{\"volume\":\"$volume\"}" > /dev/null
done
echo "$5 written"
