// Labels below 0100: ports and other enums, then variables.

#include <map>
#include <utility>

#include "tal/dis/writer.hpp"
#include "tal/utf8.hpp"

namespace tal::dis {

void Writer::write_zero_page() {
    std::vector<const Label*> devices;
    std::vector<const Label*> variables;
    for (const Label& label : labels_.all()) {
        if (label.address < kProgramStart) {
            (label.may_be_port() ? devices : variables).push_back(&label);
        }
    }
    write_devices(devices);
    write_variables(variables);
}

/// A line for each: |10 @Console &vector $2 &read ...
void Writer::write_devices(std::span<const Label* const> labels) {
    std::vector<std::string_view> scopes;  // in the order of their first labels
    std::map<std::string_view, std::vector<const Label*>> members;
    for (const Label* label : labels) {
        std::vector<const Label*>& group = members[label->scope()];
        if (group.empty()) {
            scopes.push_back(label->scope());
        }
        // The name of the device itself goes before its ports.
        const auto place =
            !label->has_slash() && !group.empty() && group.front()->address == label->address
                ? group.begin()
                : group.end();
        group.insert(place, label);
    }
    for (const std::string_view scope : scopes) {
        const std::vector<const Label*>& group = members[scope];
        std::uint32_t at = group.front()->address;
        std::string line = "|" + to_hex(at, 2);
        for (const Label* label : group) {
            if (label->address != at) {
                line += " $" + to_hex(label->address - at, 1);
                at = label->address;
            }
            line += " " + definition(*label);
        }
        layout_.plain(std::move(line));
    }
}

/// One after the other: those of a scope in a line of their own, others together.
void Writer::write_variables(std::span<const Label* const> labels) {
    constexpr std::size_t kWidth = 56;
    if (labels.empty()) {
        return;
    }
    std::uint32_t at = labels.front()->address;
    std::string line = "|" + to_hex(at, 4);
    bool has_sublabels = false;
    for (const Label* label : labels) {
        if (label->address != at) {
            line += " $" + to_hex(label->address - at, 1);
            at = label->address;
        }
        const std::string token = definition(*label);
        const bool sublabel = token[0] == '&';
        if (!sublabel && (has_sublabels || line.size() > kWidth)) {
            layout_.plain(std::exchange(line, {}));
            has_sublabels = false;
        }
        has_sublabels |= sublabel;
        line += (line.empty() ? "" : " ") + token;
    }
    layout_.plain(std::move(line));
}

}  // namespace tal::dis
