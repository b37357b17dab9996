#pragma once

#include <cstddef>
#include <cstdint>

/// What the module asks of the page that it runs in: its imports, all of module `leveret`. They
/// must not call the module back. web/player/src/computer.ts is the other side.
namespace web::page {

#define LEVERET_IMPORT(name) [[clang::import_module("leveret"), clang::import_name(#name)]]

extern "C" {
/// Takes bytes that the program has printed. stream: as varvara::Stream.
LEVERET_IMPORT(console)
void leveret_page_console(std::uint32_t stream, const char* bytes, std::size_t size);
/// The file at `path` has the contents `bytes` now, or, if that is null, is no longer there. A path
/// that ends in '/' is a folder.
LEVERET_IMPORT(file_changed)
void leveret_page_file_changed(const char* path, std::size_t path_size, const char* bytes,
                               std::size_t size);
/// Seconds since the start of 1970 as the clock on the wall counts them.
LEVERET_IMPORT(local_seconds)
double leveret_page_local_seconds();
/// 1 if daylight saving time is in force, else 0.
LEVERET_IMPORT(is_summer_time)
std::uint32_t leveret_page_is_summer_time();
}

#undef LEVERET_IMPORT

}  // namespace web::page
