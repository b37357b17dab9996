#include "front/window_module.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <string_view>
#include <system_error>

#include "host/folders.hpp"

namespace front {
namespace {

constexpr const char* kFile = "leveret-window.so";

std::string dlopen_error() {
    const char* text = dlerror();
    return text == nullptr ? "no reason given" : text;
}

}  // namespace

base::Result<const WindowModule*> load_window_module() {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path folder = host::binary_folder();
    for (const fs::path& path :
         {folder / kFile, folder.parent_path() / "lib" / "leveret" / kFile}) {
        if (fs::exists(path, error)) {
            return load_window_module(path);
        }
    }
    return base::fail(base::ErrorCode::NotFound,
                      "this build of Leveret opens no windows: there is no " + std::string(kFile) +
                          " in '" + folder.string() +
                          "' (it is built where SDL2 is; on Debian: libsdl2-dev)");
}

base::Result<const WindowModule*> load_window_module(const std::string& path) {
    const auto refuse = [&](const std::string& why) {
        return base::fail(base::ErrorCode::Unsupported, "cannot load '" + path + "': " + why);
    };
    // Lazily: most of what SDL could call is never called.
    void* library = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) {
        const std::string why = dlopen_error();
        const bool no_sdl = why.find("libSDL2") != std::string::npos;
        return refuse(why + (no_sdl ? " (please install SDL2; on Debian: libsdl2-2.0-0)" : ""));
    }
    void* entry = dlsym(library, kWindowModuleEntry);
    if (entry == nullptr) {
        return refuse(dlopen_error());
    }
    const WindowModule* module = reinterpret_cast<WindowModuleEntry>(entry)();
    if (module->version != std::string_view(kWindowModuleVersion)) {
        return refuse("it is version '" + std::string(module->version) +
                      "', and this program wants '" + kWindowModuleVersion + "'");
    }
    return module;
}

}  // namespace front
