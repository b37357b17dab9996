#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "host/folder_files.hpp"

namespace host {

/// A second lock behind `FolderFiles`: from now on the kernel itself (Landlock) lets this thread,
/// and threads it starts, open nothing but what is in `folder`, as `access` says, and write in
/// `writable_folders`. They start no programs, use no TCP and send no signals to other processes.
/// What is open stays usable. Nothing undoes this, so it is the last step before a program runs.
/// The local time zone is loaded first, since its file is not there afterwards.
///
/// False: this kernel has no Landlock, and nothing has changed.
/// Errors: NotFound, NotReadable: a folder cannot be opened. Unsupported: the kernel refuses.
base::Result<bool> confine(const std::string& folder, FileAccess access,
                           std::span<const std::string> writable_folders = {});

}  // namespace host
