"""The communication plan: audiences, activities through the whole course, KPI targets."""
