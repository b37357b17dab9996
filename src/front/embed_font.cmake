# Turns the letters of INPUT (roms/shared/font.tal: the hexadecimal shorts after @font) into OUTPUT,
# bytes to include in an array.
file(READ ${INPUT} text)
string(REGEX REPLACE ".*@font" "" text "${text}")
string(REGEX MATCHALL "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]" shorts "${text}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])([0-9a-f][0-9a-f])" "0x\\1, 0x\\2" shorts "${shorts}")
string(REPLACE ";" ",\n" bytes "${shorts}")
file(WRITE ${OUTPUT} "${bytes}\n")
