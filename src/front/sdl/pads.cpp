#include "front/sdl/pads.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace front::sdl {
namespace {

// How far a stick has to be tilted, of 32767, to be a button pressed, and how far it has to come
// back.
constexpr int kPress = 3200;
constexpr int kRelease = 2400;

std::optional<PadButton> button_of(Uint8 button) {
    switch (button) {
        case SDL_CONTROLLER_BUTTON_A: return PadButton::South;
        case SDL_CONTROLLER_BUTTON_B: return PadButton::East;
        case SDL_CONTROLLER_BUTTON_X: return PadButton::West;
        case SDL_CONTROLLER_BUTTON_Y: return PadButton::North;
        case SDL_CONTROLLER_BUTTON_BACK: return PadButton::Back;
        case SDL_CONTROLLER_BUTTON_START: return PadButton::Start;
        case SDL_CONTROLLER_BUTTON_GUIDE: return PadButton::Guide;
        case SDL_CONTROLLER_BUTTON_LEFTSHOULDER: return PadButton::LeftShoulder;
        case SDL_CONTROLLER_BUTTON_RIGHTSHOULDER: return PadButton::RightShoulder;
        case SDL_CONTROLLER_BUTTON_LEFTSTICK: return PadButton::LeftStick;
        case SDL_CONTROLLER_BUTTON_RIGHTSTICK: return PadButton::RightStick;
        case SDL_CONTROLLER_BUTTON_DPAD_UP: return PadButton::DpadUp;
        case SDL_CONTROLLER_BUTTON_DPAD_DOWN: return PadButton::DpadDown;
        case SDL_CONTROLLER_BUTTON_DPAD_LEFT: return PadButton::DpadLeft;
        case SDL_CONTROLLER_BUTTON_DPAD_RIGHT: return PadButton::DpadRight;
        default: return std::nullopt;
    }
}

bool same(const SDL_JoystickGUID& a, const SDL_JoystickGUID& b) {
    return std::memcmp(a.data, b.data, sizeof a.data) == 0;
}

/// For a pad that SDL knows nothing about: the order of buttons that most of those have.
void add_usual_mapping(int device) {
    SDL_JoystickGUID guid = SDL_JoystickGetDeviceGUID(device);
    guid.data[2] = guid.data[3] = 0;  // a checksum of its name, which mappings are found without
    std::array<char, 33> model{};
    SDL_JoystickGetGUIDString(guid, model.data(), model.size());
    const std::string mapping =
        std::string(model.data()) +
        ",Game pad,a:b0,b:b1,x:b2,y:b3,leftshoulder:b4,rightshoulder:b5,back:b8,start:b9,"
        "leftstick:b10,rightstick:b11,dpup:h0.1,dpright:h0.2,dpdown:h0.4,dpleft:h0.8,"
        "leftx:a0,lefty:a1";
    SDL_GameControllerAddMapping(mapping.c_str());
}

}  // namespace

Pads::Pads(std::function<void()> stirred)
    : controllers_(SDL_INIT_GAMECONTROLLER), watch_(std::move(stirred)) {
    if (controllers_) {
        open_all();
    }
}

Pads::~Pads() {
    for (Slot& slot : slots_) {
        close(slot);
    }
}

void Pads::update() {
    if (controllers_) {
        SDL_JoystickUpdate();
    }
}

bool Pads::need_polling() const {
    return std::ranges::any_of(
        slots_, [](const Slot& slot) { return slot.controller != nullptr && !slot.watched; });
}

void Pads::open_all() {
    for (int device = 0; device < SDL_NumJoysticks(); ++device) {
        if (slot_of(SDL_JoystickGetDeviceInstanceID(device)) == nullptr) {
            open(device);
        }
    }
}

void Pads::open(int device) {
    const SDL_JoystickGUID model = SDL_JoystickGetDeviceGUID(device);
    Slot* slot = slot_for(model);
    if (slot == nullptr) {
        return;
    }
    if (SDL_IsGameController(device) == SDL_FALSE) {
        add_usual_mapping(device);
    }
    SDL_GameController* controller = SDL_GameControllerOpen(device);
    if (controller == nullptr) {
        return;
    }
    const SDL_JoystickID id = SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(controller));
    *slot = {controller, id, model, watch_.add(id, SDL_GameControllerPath(controller)), {}};
}

void Pads::close(Slot& slot) {
    if (slot.controller != nullptr) {
        watch_.remove(slot.id);
        SDL_GameControllerClose(slot.controller);
        slot = Slot{.model = slot.model, .held = {}};
    }
}

Pads::Slot* Pads::slot_of(SDL_JoystickID id) {
    const auto slot = std::ranges::find_if(slots_, [&](const Slot& candidate) {
        return candidate.controller != nullptr && candidate.id == id;
    });
    return slot == slots_.end() ? nullptr : &*slot;
}

Pads::Slot* Pads::slot_for(const SDL_JoystickGUID& model) {
    Slot* free = nullptr;
    for (Slot& slot : slots_) {
        if (slot.controller == nullptr) {
            if (same(slot.model, model)) {
                return &slot;
            }
            free = free == nullptr ? &slot : free;
        }
    }
    return free;
}

void Pads::set(Slot& slot, PadButton button, bool down, std::vector<Input>& inputs) {
    const auto index = static_cast<std::size_t>(button);
    if (slot.held[index] != down) {
        slot.held[index] = down;
        inputs.push_back({.kind = down ? Input::Kind::PadDown : Input::Kind::PadUp,
                          .pad = static_cast<std::uint8_t>(&slot - slots_.data()),
                          .pad_button = button,
                          .text = {}});
    }
}

void Pads::tilt(Slot& slot, int value, PadButton low, PadButton high, std::vector<Input>& inputs) {
    const auto tilted = [&](PadButton button, int by) {
        return by > (slot.held[static_cast<std::size_t>(button)] ? kRelease : kPress);
    };
    set(slot, low, tilted(low, -value), inputs);
    set(slot, high, tilted(high, value), inputs);
}

void Pads::handle(const SDL_Event& event, std::vector<Input>& inputs) {
    switch (event.type) {
        case SDL_JOYDEVICEADDED: open_all(); break;
        case SDL_CONTROLLERDEVICEREMOVED:
            if (Slot* slot = slot_of(event.cdevice.which)) {
                close(*slot);
                inputs.push_back({.kind = Input::Kind::PadGone,
                                  .pad = static_cast<std::uint8_t>(slot - slots_.data()),
                                  .text = {}});
                open_all();  // a fifth one may have been waiting
            }
            break;
        case SDL_CONTROLLERBUTTONDOWN:
        case SDL_CONTROLLERBUTTONUP: {
            Slot* slot = slot_of(event.cbutton.which);
            const auto button = button_of(event.cbutton.button);
            if (slot != nullptr && button) {
                set(*slot, *button, event.type == SDL_CONTROLLERBUTTONDOWN, inputs);
            }
            break;
        }
        case SDL_CONTROLLERAXISMOTION:
            if (Slot* slot = slot_of(event.caxis.which)) {
                if (event.caxis.axis == SDL_CONTROLLER_AXIS_LEFTX) {
                    tilt(*slot, event.caxis.value, PadButton::StickLeft, PadButton::StickRight,
                         inputs);
                } else if (event.caxis.axis == SDL_CONTROLLER_AXIS_LEFTY) {
                    tilt(*slot, event.caxis.value, PadButton::StickUp, PadButton::StickDown,
                         inputs);
                }
            }
            break;
        default: break;
    }
}

}  // namespace front::sdl
