#include "front/sdl/sound.hpp"

#include <SDL.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "front/sdl/subsystem.hpp"

namespace front::sdl {
namespace {

/// 23 ms at 44100 Hz: half of it is heard as prompt too, but a busy computer cannot always keep up.
constexpr Uint16 kBufferFrames = 1024;
/// Opening a device takes time, and one that is open uses the processor even if nothing sounds.
constexpr auto kLinger = std::chrono::seconds(5);
constexpr auto kRetry = std::chrono::seconds(1);

/// A device that is opened when something is to be heard, and closed after a while of silence.
class Speaker final : public Sound {
public:
    Speaker(unsigned rate_hz, Mixer mixer)
        : audio_(SDL_INIT_AUDIO), rate_hz_(rate_hz), mixer_(std::move(mixer)) {
        if (audio_) {
            device_ = open();
        }
    }
    ~Speaker() override {
        if (thread_.joinable()) {
            change([&] { ending_ = true; });
            thread_.join();
        }
        close();
    }

    /// Whether there is a device. If not, SDL_GetError says why.
    bool works() const { return device_ != 0; }
    void start() {
        thread_ = std::thread([this] { run(); });
    }

    void play(bool on) noexcept override {
        change([&] { wanted_ = on; });
    }

private:
    template <class Change>
    void change(Change what) {
        {
            const std::scoped_lock lock(mutex_);
            what();
        }
        changed_.notify_one();
    }

    static void SDLCALL fill(void* self, Uint8* stream, int bytes) {
        static_cast<Speaker*>(self)->mixer_(
            {reinterpret_cast<std::int16_t*>(stream),
             static_cast<std::size_t>(bytes) / sizeof(std::int16_t)});
    }

    /// 0 if it cannot be opened.
    SDL_AudioDeviceID open() {
        SDL_AudioSpec spec = {};
        spec.freq = static_cast<int>(rate_hz_);
        spec.format = AUDIO_S16SYS;
        spec.channels = 2;
        spec.samples = kBufferFrames;
        spec.callback = fill;
        spec.userdata = this;
        return SDL_OpenAudioDevice(nullptr, 0, &spec, nullptr, 0);
    }

    void close() {
        if (device_ != 0) {
            SDL_CloseAudioDevice(std::exchange(device_, 0));
        }
    }

    void run() {
        std::unique_lock lock(mutex_);
        while (!ending_) {
            if (wanted_) {
                lock.unlock();
                sound(lock);
            } else if (device_ == 0) {
                changed_.wait(lock, [&] { return wanted_ || ending_; });
            } else if (!changed_.wait_for(lock, kLinger, [&] { return wanted_ || ending_; })) {
                lock.unlock();
                close();
                lock.lock();
            }
        }
    }

    /// Until it is not wanted any more. The lock is taken on return.
    void sound(std::unique_lock<std::mutex>& lock) {
        if (device_ == 0) {
            device_ = open();
        }
        if (device_ == 0) {
            lock.lock();
            changed_.wait_for(lock, kRetry, [&] { return !wanted_ || ending_; });
            return;
        }
        SDL_PauseAudioDevice(device_, 0);
        lock.lock();
        changed_.wait(lock, [&] { return !wanted_ || ending_; });
        lock.unlock();
        SDL_PauseAudioDevice(device_, 1);
        lock.lock();
    }

    Subsystem audio_;
    const unsigned rate_hz_;
    const Mixer mixer_;
    SDL_AudioDeviceID device_ = 0;  ///< the thread's, once there is one

    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace

base::Result<std::unique_ptr<Sound>> open_sound(unsigned rate_hz, Mixer mixer) {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "Leveret");
    SDL_SetMainReady();
    auto speaker = std::make_unique<Speaker>(rate_hz, std::move(mixer));
    if (!speaker->works()) {
        return base::fail(base::ErrorCode::Unsupported, SDL_GetError());
    }
    speaker->start();
    return speaker;
}

}  // namespace front::sdl
