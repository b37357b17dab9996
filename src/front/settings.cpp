#include "front/settings.hpp"

#include <utility>

#include "front/settings_text/editor.hpp"
#include "front/settings_text/items.hpp"
#include "front/settings_text/reader.hpp"
#include "host/files.hpp"

namespace front {
namespace {

using base::ErrorCode;

/// The file of a program, or of all programs if that is empty.
std::string path_of(const host::Folders& folders, std::string_view program) {
    return folders.settings + (program.empty()
                                   ? "/settings.toml"
                                   : "/programs/" + host::name_for_files(program) + ".toml");
}

/// The text of a file, empty if it does not exist.
base::Result<std::string> read_file(const std::string& path) {
    auto text = host::read_file(path, kMostSettingsBytes);
    if (!text && text.error().code == ErrorCode::NotFound) {
        return "";
    }
    return text;
}

void read_over(const std::string& path, LoadedSettings& loaded) {
    const auto text = read_file(path);
    if (!text) {
        loaded.errors.push_back(text.error().detail);
    } else if (!text->empty()) {
        for (std::string& error : read_settings(*text, path, loaded.settings)) {
            loaded.errors.push_back(std::move(error));
        }
    }
}

}  // namespace

std::vector<std::string> read_settings(std::string_view text, const std::string& name,
                                       Settings& settings) {
    return settings_text::read(text, name, settings).errors;
}

base::Result<std::string> change_settings(std::string_view text, const std::string& name,
                                          const Settings& base, const Settings& wanted) {
    std::string changed(text);
    for (bool given = true;; given = false) {
        Settings current = base;
        const settings_text::Reading reading = settings_text::read(changed, name, current);
        if (given && (reading.broken || reading.other_version)) {
            return base::fail(reading.broken ? ErrorCode::Malformed : ErrorCode::Unsupported,
                              "settings not saved: " + reading.errors.front());
        }
        const auto items = settings_text::differences(current, wanted);
        if (items.empty()) {
            return changed;
        }
        std::string next = changed.empty()
                               ? "version = " + std::to_string(settings_text::kVersion) + "\n"
                               : settings_text::edit(changed, reading.table, items);
        // Lines that were added where they do not count, say after `keys.pause = "P"`: twice is an
        // error.
        if (reading.broken || next == changed || next.size() > kMostSettingsBytes) {
            return base::fail(ErrorCode::Unsupported,
                              "settings not saved: '" + name + "' is written in an unusual way");
        }
        changed = std::move(next);
    }
}

LoadedSettings load_settings(const host::Folders& folders, std::string_view program) {
    LoadedSettings loaded;
    if (!folders.settings.empty()) {
        read_over(path_of(folders, ""), loaded);
        if (!program.empty()) {
            read_over(path_of(folders, program), loaded);
        }
    }
    return loaded;
}

base::Result<std::string> save_settings(const host::Folders& folders, std::string_view program,
                                        const Settings& wanted) {
    if (folders.settings.empty()) {
        return base::fail(ErrorCode::NotFound,
                          "settings not saved: neither HOME nor XDG_CONFIG_HOME names a folder");
    }
    const Settings base = program.empty() ? Settings() : load_settings(folders, "").settings;
    std::string path = path_of(folders, program);
    const auto text = read_file(path);
    if (!text) {
        return text;
    }
    const auto changed = change_settings(*text, path, base, wanted);
    if (!changed) {
        return changed;
    }
    if (*changed == *text) {
        return path;
    }
    if (const auto created = host::create_folder(path.substr(0, path.rfind('/'))); !created) {
        return std::unexpected(created.error());
    }
    if (const auto written = host::write_file(path, *changed); !written) {
        return std::unexpected(written.error());
    }
    return path;
}

std::string captures_folder(const Settings& settings, const host::Folders& folders) {
    if (settings.captures.empty()) {
        return folders.captures;
    }
    if (!settings.captures.starts_with('~')) {
        return settings.captures;
    }
    return folders.home.empty() ? "" : folders.home + settings.captures.substr(1);
}

}  // namespace front
