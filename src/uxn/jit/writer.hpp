#pragma once

#include <asmjit/core.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "uxn/jit/places.hpp"

namespace uxn::jit {

/// Writes the code of one region, in one pass: the order of the blocks, the ways between them and
/// out of them. Values that go from block to block do it at the places that the first edge to a
/// block has found for its parameters. What code looks like is up to a class for each processor.
class Writer : protected Places {
public:
    ~Writer() override = default;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// False if it got too complicated.
    bool write(Compiled& compiled);

protected:
    using Label = asmjit::Label;

    /// scratch: a register that values never are in.
    Writer(const Region& region, asmjit::BaseAssembler& code,
           std::span<const std::uint8_t> registers, std::uint8_t scratch);

    /// Looks whether the stacks are in one piece where the region touches them, and whether there
    /// is fuel.
    virtual void write_entry() = 0;
    /// The node that is being written.
    virtual void write_node(const Node& node) = 0;
    /// Reads the operands of a comparison, if they are not in registers, before it is known which
    /// code comes next.
    virtual void prepare_comparison(const Node& node) = 0;
    virtual void jump_if_compared(const Node& node, const Label& to, bool is_set) = 0;
    virtual void jump_if_flag(std::uint8_t reg, bool is_clean, const Label& to, bool is_set) = 0;
    virtual void jump(const Label& to) = 0;
    virtual void copy_slot(std::uint8_t to, std::uint8_t from) = 0;
    virtual void set_slot(std::uint8_t slot, unsigned bits) = 0;
    /// Stores the exit's cells, whose values are in `sources`, and moves the stack pointers.
    /// pc: null, or the cell that it is to be read from.
    virtual void write_stacks(const Exit& exit, std::span<const Source> sources,
                              const CellPlace* pc) = 0;
    virtual void set_pc(Source to) = 0;
    /// Takes instructions that have been executed off the fuel.
    virtual void take_fuel(unsigned count) = 0;
    /// The same, and jumps if there is any left.
    virtual void take_fuel_and_jump(unsigned count, const Label& to) = 0;
    /// Goes where the pc leads, which is known if `to` is a constant.
    virtual void leave(Leave how, Source to) = 0;
    /// Calls the stub, which sees from where.
    virtual void call_side_exit() = 0;
    /// What `write_entry` and `leave` jump to.
    virtual void write_ends() = 0;

    /// Where to jump if the exit is to be taken, with all values where they are now.
    Label side_exit(std::uint32_t number);

private:
    static constexpr std::uint32_t kNone = ~0U;

    /// Code that is written behind all blocks.
    struct Late {
        enum class Kind : std::uint8_t { SideExit, Exit, Edge };
        Kind kind;
        Label label;
        unsigned pending = 0;
        std::uint32_t exit = 0;
        std::uint32_t first = 0;      ///< side exit: its stores
        std::uint32_t last = 0;       ///< one behind them
        std::vector<Source> sources;  ///< exit: of the cells' values, then of the pc
        const Edge* edge = nullptr;   ///< one that needs code
        std::vector<Place> places;    ///< of its arguments
        std::uint32_t from = 0;       ///< its block
    };

    std::uint32_t write_block(std::uint32_t number);
    void write_nodes(const Block& block);
    bool is_read_by_exit(const Block& block, std::size_t number) const;
    std::uint32_t write_jump(std::uint32_t number);
    std::uint32_t write_branch(std::uint32_t number);
    bool is_needed_by_branch(Value flag, std::size_t number) const;
    void load_operands(Value flag);
    void jump_if(Value flag, const Label& to, bool is_set);

    void write_exit(const Exit& exit, const std::vector<Source>& sources, unsigned pending,
                    const CellPlace* pc = nullptr);
    void write_exit(std::uint32_t number);
    std::vector<Source> sources_of(const Exit& exit);
    const Exit& exit_of(const Edge& edge) const {
        return region_.exits[region_.blocks[edge.block].exit];
    }
    Late side_exit_at(std::uint32_t number);
    Late out_of_fuel_at(std::uint32_t number);
    void pay(unsigned count);
    void write_late();
    void write_side_exit(const Late& late);

    static bool is_back(std::uint32_t from, const Edge& edge) { return edge.block <= from; }
    /// Whether the code before an edge can leave paying to the code behind it.
    bool is_only_way(const Edge& edge) const { return uses_.edges_to(edge.block) == 1; }
    bool is_out(const Edge& edge) const { return region_.blocks[edge.block].is_exit; }
    bool is_new(const Edge& edge) const { return !written_[edge.block] && !is_out(edge); }
    bool is_free(std::uint32_t number, const Edge& edge, const std::vector<Place>& from) const;
    std::uint32_t go(std::uint32_t from, const Edge& edge, const std::vector<Place>& places,
                     unsigned pending);
    void clean_arguments(const Edge& edge);
    std::vector<Place> places_of(const Edge& edge);
    void find_places(const Edge& edge, const std::vector<Place>& from);
    void move_arguments(const Edge& edge, const std::vector<Place>& from);
    void move_place(Place to, Place from);

    asmjit::BaseAssembler& code_;
    const std::uint8_t scratch_;
    Compiled* compiled_ = nullptr;
    std::vector<bool> written_;           ///< by block
    std::vector<std::uint32_t> waiting_;  ///< blocks that something leads to
    std::vector<unsigned> pending_at_;    ///< by block: executed before, not yet paid
    unsigned pending_ = 0;
    std::vector<std::vector<Place>> entered_;  ///< by block, where its parameters are
    std::vector<Label> labels_;
    std::vector<Late> late_;
};

}  // namespace uxn::jit
